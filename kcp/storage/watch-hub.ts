// Hands each committed event to the watchers of its prefixes: one map look-up per segment of the key, however many
// watchers there are. All watchers get the same event object. It knows no past: see watch.ts.

import { StoreError, type StoreEvent } from './store.ts'

export interface Subscription {
  /** Events since the last take, and the revision up to which everything was delivered with them. */
  take(): { events: StoreEvent[]; revision: number } | undefined
  /** Makes the next take answer even without events. */
  requestProgress(): void
  failure(): StoreError | undefined
  isClosed(): boolean
  /** Everything up to the hub's revision was taken. */
  isCaughtUp(): boolean
  close(): void
}

export interface WatchHub {
  /** Everything up to this revision was dispatched. */
  readonly revision: number
  dispatch(events: readonly StoreEvent[], revision: number): void
  /** Events after the hub's revision, and after `afterRevision` if that is later. `wake`: take has an answer, or the end. */
  subscribe(prefix: string, afterRevision: number, wake: () => void): Subscription
  /** Ends all subscriptions; there are no new ones. */
  close(): void
  readonly closed: boolean
}

interface Subscriber extends Subscription {
  readonly prefix: string
  /** Whether this is the first event since its reader was woken. */
  push(event: StoreEvent): boolean
  wake(): void
}

/** A reader further behind than this ends with TooSlow. */
export const bufferedEventsMax = 10_000
/** The same in bytes of objects; one event may always wait. */
export const bufferedBytesMax = 32 * 1024 * 1024

export interface WatchHubLimits {
  readonly bufferedEventsMax?: number
  readonly bufferedBytesMax?: number
}

export function createWatchHub(initialRevision: number, limits: WatchHubLimits = {}): WatchHub {
  /** By the prefix up to and including its last slash. */
  const folders = new Map<string, Set<Subscriber>>()
  /** Readers to wake when all events of a commit are handed out: they take them at once. */
  let waiting: Subscriber[] = []
  let revision = initialRevision
  let closed = false

  function remove(subscriber: Subscriber): void {
    const folder = folderOf(subscriber.prefix)
    const subscribers = folders.get(folder)
    subscribers?.delete(subscriber)
    if (subscribers?.size === 0) folders.delete(folder)
  }

  function dispatchOne(event: StoreEvent): void {
    const { key } = event
    for (let slash = -1; ; ) {
      const subscribers = folders.get(key.slice(0, slash + 1))
      if (subscribers) {
        for (const each of subscribers) if (key.startsWith(each.prefix) && each.push(event)) waiting.push(each)
      }
      slash = key.indexOf('/', slash + 1)
      if (slash < 0) return
    }
  }

  return {
    get revision() {
      return revision
    },
    get closed() {
      return closed
    },
    dispatch(events, upTo) {
      revision = upTo
      for (const event of events) dispatchOne(event)
      const woken = waiting
      waiting = []
      for (const each of woken) each.wake()
    },
    subscribe(prefix, afterRevision, wake) {
      const subscriber = createSubscriber({
        prefix,
        afterRevision,
        eventsLimit: limits.bufferedEventsMax ?? bufferedEventsMax,
        bytesLimit: limits.bufferedBytesMax ?? bufferedBytesMax,
        revision: () => revision,
        remove,
        wake,
      })
      const folder = folderOf(prefix)
      const subscribers = folders.get(folder)
      if (subscribers) subscribers.add(subscriber)
      else folders.set(folder, new Set([subscriber]))
      return subscriber
    },
    close() {
      closed = true
      for (const subscribers of [...folders.values()]) for (const each of [...subscribers]) each.close()
    },
  }
}

function folderOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1)
}

interface SubscriberOptions {
  readonly prefix: string
  readonly afterRevision: number
  readonly eventsLimit: number
  readonly bytesLimit: number
  revision(): number
  remove(subscriber: Subscriber): void
  wake(): void
}

function createSubscriber(options: SubscriberOptions): Subscriber {
  const { prefix, afterRevision, eventsLimit, bytesLimit, wake } = options
  let pending: StoreEvent[] = []
  let pendingBytes = 0
  let progressRequested = false
  let closed = false
  let failure: StoreError | undefined

  function close(): void {
    if (closed) return
    closed = true
    pending = []
    options.remove(subscriber)
    wake()
  }

  const subscriber: Subscriber = {
    prefix,
    wake,
    failure: () => failure,
    isClosed: () => closed,
    isCaughtUp: () => pending.length === 0 && !closed && options.revision() >= afterRevision,
    push(event) {
      if (event.revision <= afterRevision) return false
      pendingBytes += event.value.length
      if (pending.length === 0 || (pending.length < eventsLimit && pendingBytes <= bytesLimit))
        return pending.push(event) === 1
      const count = `${pending.length} events of ${pendingBytes} bytes`
      failure = new StoreError('TooSlow', `the watch of ${prefix} is more than ${count} behind`)
      close()
      return false
    },
    take() {
      if (closed || (pending.length === 0 && !progressRequested)) return undefined
      const events = pending
      pending = []
      pendingBytes = 0
      progressRequested = false
      return { events, revision: Math.max(options.revision(), afterRevision) }
    },
    requestProgress() {
      progressRequested = true
      wake()
    },
    close,
  }
  return subscriber
}
