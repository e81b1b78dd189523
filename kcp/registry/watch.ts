// WATCH of a range: what changed after a resourceVersion, or the current state as ADDED and then what changes. With a
// selector an object that starts to match is ADDED and one that stops to match is DELETED.
import { type Feed, feedIterator } from '../storage/feed.ts'
import { type EventBatch, type Store, StoreError, type StoreEvent, type StoreWatch } from '../storage/store.ts'
import type { ObjectRange } from './keys.ts'
import { listObjects } from './list.ts'
import { parseResourceVersion } from './resource-version.ts'
import { matchesEvent, type Selection, selectedPrefix } from './selection.ts'
import { asWatchError } from './storage-errors.ts'
import type { StoredObject } from './stored-object.ts'

export interface WatchItem {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly stored: StoredObject
  /** Absent for the state a watch starts with. */
  readonly event?: StoreEvent
}

export interface WatchBatch {
  readonly items: readonly WatchItem[]
  /** Everything up to this revision was delivered. */
  readonly revision: number
  /** The last batch of the state the watch started with. */
  readonly endsInitialState?: boolean
}

export interface WatchOptions {
  readonly selection: Selection
  readonly resourceVersion?: string
  /** Whether to start with the current state (sendInitialEvents); unset: where no resourceVersion is given. */
  readonly sendsInitialState?: boolean | undefined
  /** A watch from before this revision is told that its history is gone. */
  readonly oldestRevision?: number
  /** Ends it; so does `close`. */
  readonly signal?: AbortSignal
}

export interface ObjectWatch extends Feed<WatchBatch> {
  /** The next batch comes soon, perhaps without items: for bookmarks. */
  requestProgress(): void
  /** Everything there is was taken: what comes is new. */
  isCaughtUp(): boolean
}

export function watchObjects(store: Store, range: ObjectRange, options: WatchOptions): ObjectWatch {
  const { selection, signal, oldestRevision = 0 } = options
  const wanted = parseResourceVersion(options.resourceVersion) ?? 0
  // Neither a state nor a past: from now on.
  const startsAfter = wanted === 0 ? store.revision : wanted
  let live: StoreWatch | undefined
  let first = (options.sendsInitialState ?? wanted === 0) ? createFirst(store, range, options) : undefined
  let progressRequested = false
  let ended = signal?.aborted ?? false
  let wake: (() => void) | undefined

  function close(): void {
    if (ended) return
    ended = true
    live?.close()
    signal?.removeEventListener('abort', close)
    wake?.()
  }
  if (!ended) signal?.addEventListener('abort', close)

  function follow(after: number): StoreWatch {
    const watch = store.watch(selectedPrefix(range, selection), after)
    if (progressRequested) watch.requestProgress()
    if (wake) watch.onReady(wake)
    live = watch
    return watch
  }

  function takeNext(): WatchBatch | undefined {
    if (first) {
      const state = first.take(() => wake?.())
      if (!state) return undefined
      first = undefined
      follow(state.revision)
      return state
    }
    if (!live && wanted > 0 && wanted < oldestRevision)
      throw new StoreError('Compacted', 'another type', oldestRevision)
    const source = live ?? follow(startsAfter)
    const batch = source.take()
    if (batch) return decide(batch, range, selection)
    if (source.isOver()) close()
    return undefined
  }

  const watch: ObjectWatch = {
    requestProgress() {
      progressRequested = true
      live?.requestProgress()
    },
    isCaughtUp: () => !ended && live?.isCaughtUp() === true,
    take() {
      if (ended) return undefined
      try {
        return takeNext()
      } catch (error) {
        close()
        throw asWatchError(error, wanted)
      }
    },
    isOver: () => ended,
    onReady(callback) {
      wake = callback
      live?.onReady(callback)
    },
    close,
    [Symbol.asyncIterator]: () => feedIterator(watch),
  }
  return watch
}

/** The state a watch starts with, listed when it is first asked for. */
function createFirst(store: Store, range: ObjectRange, { selection, resourceVersion = '' }: WatchOptions) {
  let listing = false
  let state: WatchBatch | undefined
  let failure: { readonly error: unknown } | undefined
  return {
    take(wake: () => void): WatchBatch | undefined {
      if (failure) throw failure.error
      if (listing) return state
      listing = true
      listObjects(store, range, { selection, resourceVersion })
        .then(
          ({ items, revision }) => {
            state = { items: items.map(stored => ({ type: 'ADDED', stored })), revision, endsInitialState: true }
          },
          error => {
            failure = { error }
          },
        )
        .finally(wake)
      return undefined
    },
  }
}

function decide(batch: EventBatch, range: ObjectRange, selection: Selection): WatchBatch {
  const items: WatchItem[] = []
  for (const event of batch.events) {
    const type = eventType(event, range, selection)
    if (type) items.push({ type, stored: storedOf(type, event), event })
  }
  return { items, revision: batch.revision }
}

/** An object that left the selection is shown as it was last inside it. */
function storedOf(type: WatchItem['type'], event: StoreEvent): StoredObject {
  const hasLeft = type === 'DELETED' && event.type === 'put'
  return hasLeft ? { key: event.key, value: event.previous ?? event.value, revision: event.revision } : event
}

function eventType(event: StoreEvent, range: ObjectRange, selection: Selection): WatchItem['type'] | undefined {
  if (!selection.active) {
    if (event.type === 'delete') return 'DELETED'
    return event.previous === undefined ? 'ADDED' : 'MODIFIED'
  }
  const { matched, matches } = matchesEvent(selection, range.type, event)
  if (matches) return matched ? 'MODIFIED' : 'ADDED'
  return matched ? 'DELETED' : undefined
}
