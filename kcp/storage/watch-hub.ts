// Hands each committed event to the watchers of its prefixes: one map look-up per segment of the key, however many
// watchers there are. All watchers get the same event object. It knows no past: see watch.ts.

import { StoreError, type StoreEvent } from './store.ts'

export interface Subscription {
  /** Events since the last take, and the revision up to which everything was delivered with them. */
  take(): { events: StoreEvent[]; revision: number } | undefined
  /** Makes the next take answer even without events. */
  requestProgress(): void
  /** Resolves when take has an answer or the subscription ended. */
  changed(): Promise<void>
  readonly failure: StoreError | undefined
  readonly closed: boolean
  close(): void
}

export interface WatchHub {
  /** Everything up to this revision was dispatched. */
  readonly revision: number
  dispatch(events: readonly StoreEvent[], revision: number): void
  /** Events after the hub's revision, and after `afterRevision` if that is later. */
  subscribe(prefix: string, afterRevision: number): Subscription
  /** Ends all subscriptions; there are no new ones. */
  close(): void
  readonly closed: boolean
}

interface Subscriber extends Subscription {
  readonly prefix: string
  push(event: StoreEvent): void
}

/** A reader further behind than this ends with TooSlow. */
export const bufferedEventsMax = 10_000

export function createWatchHub(initialRevision: number, bufferedEventsLimit = bufferedEventsMax): WatchHub {
  /** By the prefix up to and including its last slash. */
  const folders = new Map<string, Set<Subscriber>>()
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
      if (subscribers) for (const each of subscribers) if (key.startsWith(each.prefix)) each.push(event)
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
    },
    subscribe(prefix, afterRevision) {
      const subscriber = createSubscriber({
        prefix,
        afterRevision,
        bufferedEventsLimit,
        revision: () => revision,
        remove,
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
  readonly bufferedEventsLimit: number
  revision(): number
  remove(subscriber: Subscriber): void
}

function createSubscriber(options: SubscriberOptions): Subscriber {
  const { prefix, afterRevision, bufferedEventsLimit } = options
  let pending: StoreEvent[] = []
  let progressRequested = false
  let closed = false
  let failure: StoreError | undefined
  let wake: (() => void) | undefined

  function notify(): void {
    wake?.()
    wake = undefined
  }

  function end(): void {
    if (closed) return
    closed = true
    pending = []
    options.remove(subscriber)
    notify()
  }

  const subscriber: Subscriber = {
    prefix,
    get failure() {
      return failure
    },
    get closed() {
      return closed
    },
    push(event) {
      if (event.revision <= afterRevision) return
      if (pending.length >= bufferedEventsLimit) {
        failure = new StoreError('TooSlow', `the watch of ${prefix} is more than ${bufferedEventsLimit} events behind`)
        end()
        return
      }
      pending.push(event)
      notify()
    },
    take() {
      if (closed || (pending.length === 0 && !progressRequested)) return undefined
      const events = pending
      pending = []
      progressRequested = false
      return { events, revision: Math.max(options.revision(), afterRevision) }
    },
    requestProgress() {
      progressRequested = true
      notify()
    },
    changed() {
      if (closed || pending.length > 0 || progressRequested) return Promise.resolve()
      return new Promise(resolve => {
        wake = resolve
      })
    },
    close: end,
  }
  return subscriber
}
