// WATCH of a range: what changed after a resourceVersion, or the current state as ADDED and then what changes. With a
// selector an object that starts to match is ADDED and one that stops to match is DELETED.
import type { EventBatch, Store, StoreEvent } from '../storage/store.ts'
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
  /** Start with the current state although a resourceVersion is given (sendInitialEvents). */
  readonly sendsInitialState?: boolean
  readonly signal: AbortSignal
}

export interface ObjectWatch extends AsyncIterable<WatchBatch> {
  /** The next batch comes soon, perhaps without items: for bookmarks. */
  requestProgress(): void
}

export function watchObjects(store: Store, range: ObjectRange, options: WatchOptions): ObjectWatch {
  const wanted = parseResourceVersion(options.resourceVersion) ?? 0
  const fromState = wanted === 0 || options.sendsInitialState === true
  let live: AsyncIterator<EventBatch> | undefined
  let progress: (() => void) | undefined
  let progressRequested = false

  function follow(after: number): void {
    const watch = store.watch(selectedPrefix(range, options.selection), after, options.signal)
    live = watch[Symbol.asyncIterator]()
    progress = () => watch.requestProgress()
    if (progressRequested) progress()
  }

  // A plain iterator: with a thousand watchers of the same events, generators inside generators are half of the cost.
  async function next(): Promise<IteratorResult<WatchBatch, undefined>> {
    if (!live && fromState) {
      const value = await initialState(store, range, options)
      follow(value.revision)
      return { done: false, value }
    }
    if (!live) follow(wanted)
    try {
      const batch = await live?.next()
      if (!batch || batch.done) return { done: true, value: undefined }
      return { done: false, value: decide(batch.value, range, options.selection) }
    } catch (error) {
      throw asWatchError(error, wanted)
    }
  }

  async function end(): Promise<IteratorResult<WatchBatch, undefined>> {
    await live?.return?.()
    return { done: true, value: undefined }
  }

  return {
    requestProgress() {
      progressRequested = true
      progress?.()
    },
    [Symbol.asyncIterator]: () => ({ next, return: end }),
  }
}

async function initialState(store: Store, range: ObjectRange, options: WatchOptions): Promise<WatchBatch> {
  const { selection, resourceVersion = '' } = options
  const { items, revision } = await listObjects(store, range, { selection, resourceVersion })
  return { items: items.map(stored => ({ type: 'ADDED', stored })), revision, endsInitialState: true }
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
