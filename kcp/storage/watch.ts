// One watch: first the log (backfill), then the hub (live). The cutover happens in one step of the event loop: the
// log is read up to the hub's revision and the subscription starts there, so no event is lost and none comes twice.

import { feedIterator } from './feed.ts'
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
  readonly signal: AbortSignal | undefined
}

export function createWatch(options: WatchOptions): StoreWatch {
  const { signal } = options
  const source = createSource(options, () => wake?.())
  let ended = signal?.aborted ?? false
  let wake: (() => void) | undefined

  function close(): void {
    if (ended) return
    ended = true
    source.close()
    signal?.removeEventListener('abort', close)
    wake?.()
  }
  if (!ended) signal?.addEventListener('abort', close)

  const watch: StoreWatch = {
    requestProgress: source.requestProgress,
    isCaughtUp: () => !ended && source.isCaughtUp(),
    take() {
      if (ended) return undefined
      try {
        const batch = source.take()
        if (!batch && source.isClosed()) close()
        return batch
      } catch (error) {
        close()
        throw error
      }
    },
    isOver: () => ended,
    onReady(callback) {
      wake = callback
    },
    close,
    [Symbol.asyncIterator]: () => feedIterator(watch),
  }
  return watch
}

interface Source extends Pick<Subscription, 'requestProgress' | 'isClosed' | 'isCaughtUp' | 'close'> {
  take(): EventBatch | undefined
}

/** The log, and then the hub; nothing is read or subscribed before it is asked. */
function createSource({ hub, readLog, prefix, afterRevision }: WatchOptions, wake: () => void): Source {
  let cursor = afterRevision
  let subscription: Subscription | undefined
  let progressRequested = false

  /** The next page of history that has events; undefined when the watch went live, or goes on in a turn. */
  function backfill(): EventBatch | undefined {
    if (cursor < hub.revision) {
      const page = readLog(prefix, { after: cursor, upTo: hub.revision, limit: backfillEventsMax })
      cursor = page.revision
      if (page.events.length > 0) return page
      if (cursor < hub.revision) {
        setImmediate(wake)
        return undefined
      }
    }
    subscription = hub.subscribe(prefix, cursor, wake)
    if (progressRequested) subscription.requestProgress()
    return undefined
  }

  return {
    isClosed: () => hub.closed || subscription?.isClosed() === true,
    isCaughtUp: () => !hub.closed && subscription?.isCaughtUp() === true,
    requestProgress() {
      progressRequested = true
      subscription?.requestProgress()
    },
    take() {
      if (hub.closed) return undefined
      const page = subscription ? undefined : backfill()
      if (page || !subscription) return page
      const batch = subscription.take()
      const failure = batch ? undefined : subscription.failure()
      if (failure) throw failure
      return batch
    },
    close: () => subscription?.close(),
  }
}
