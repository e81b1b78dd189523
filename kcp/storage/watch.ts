// One watch: first the log (backfill), then the hub (live). The cutover happens in one step of the event loop: the
// log is read up to the hub's revision and the subscription starts there, so no event is lost and none comes twice.

import type { EventBatch, StoreEvent, StoreWatch } from './store.ts'
import type { Subscription, WatchHub } from './watch-hub.ts'

/** Events read from the log at a time, so that a long backfill does not hold up the loop. */
const backfillEventsMax = 500

export interface LogPage {
  readonly events: StoreEvent[]
  /** Everything of the prefix up to this revision is in this page or an earlier one. */
  readonly revision: number
}

export interface WatchOptions {
  readonly hub: WatchHub
  /** Events after a revision up to another one; throws Compacted. */
  readLog(prefix: string, range: { after: number; upTo: number; limit: number }): LogPage
  readonly prefix: string
  readonly afterRevision: number
  readonly signal: AbortSignal
}

export function createWatch(options: WatchOptions): StoreWatch {
  const { hub, prefix, signal } = options
  let cursor = options.afterRevision
  let subscription: Subscription | undefined
  let progressRequested = false
  let ended = signal.aborted

  function end(): void {
    ended = true
    subscription?.close()
    signal.removeEventListener('abort', end)
  }
  signal.addEventListener('abort', end)

  /** The next page of history that has events; undefined when the watch went live. */
  async function backfill(): Promise<EventBatch | undefined> {
    while (!ended && !hub.closed && cursor < hub.revision) {
      const page = options.readLog(prefix, { after: cursor, upTo: hub.revision, limit: backfillEventsMax })
      cursor = page.revision
      if (page.events.length > 0) return page
      if (cursor < hub.revision) await turnOfTheLoop()
    }
    if (!ended && !hub.closed) goLive()
    return undefined
  }

  function goLive(): void {
    subscription = hub.subscribe(prefix, cursor)
    if (progressRequested) subscription.requestProgress()
  }

  async function next(): Promise<IteratorResult<EventBatch, undefined>> {
    while (!ended && !hub.closed) {
      if (!subscription) {
        const page = await backfill()
        if (page) return { done: false, value: page }
        continue
      }
      const batch = subscription.take()
      if (batch) return { done: false, value: batch }
      if (subscription.failure) throw subscription.failure
      if (subscription.closed) break
      await subscription.changed()
    }
    return { done: true, value: undefined }
  }

  return {
    requestProgress() {
      progressRequested = true
      subscription?.requestProgress()
    },
    [Symbol.asyncIterator]: () => iteratorOf(next, end),
  }
}

/** Ends the watch with its last result, its failure, or when the reader leaves. */
function iteratorOf(
  next: () => Promise<IteratorResult<EventBatch, undefined>>,
  end: () => void,
): AsyncIterator<EventBatch, undefined> {
  return {
    async next() {
      try {
        const result = await next()
        if (result.done) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
