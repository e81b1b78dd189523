// Keeps a sink true to all values below one key prefix: a list, then the watch. When history is gone or the watch fell
// behind, the sink is filled again beside what it has. Leaves out: what the values mean.
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { type Store, StoreError, type StoreEvent, type StoreWatch } from '../storage/store.ts'

export interface PrefixSink {
  /** A full set of puts follows, beside what is there; removals do not come before `filled`. */
  filling(): void
  /** What was put since `filling` is all there is. */
  filled(): void
  put(suffix: string, value: Uint8Array, write: Pick<StoreEvent, 'revision' | 'previous'>): void
  remove(suffix: string, last: Uint8Array): void
}

export interface Follower {
  /** Resolves after the first full list; rejects when the store cannot be read. */
  readonly synced: Promise<void>
  /** Resolves when everything written before this call has reached the sink. */
  whenCurrent(): Promise<void>
}

const listedValuesMax = 1000
const retryDelayMs = 100

export interface FollowOptions {
  readonly store: Store
  readonly prefix: string
  readonly sink: PrefixSink
  readonly signal: AbortSignal
  /** Told of failures that are repaired by reading everything again. */
  readonly onFailure: (error: unknown) => void
}

export function followPrefix(options: FollowOptions): Follower {
  const { store, signal, onFailure } = options
  let revision = -1
  let watch: StoreWatch | undefined
  let waiters: { revision: number; resolve: () => void }[] = []
  const advance = (to: number) => {
    revision = to
    const ready = waiters.filter(waiter => waiter.revision <= to)
    if (ready.length === 0) return
    waiters = waiters.filter(waiter => waiter.revision > to)
    for (const waiter of ready) waiter.resolve()
  }
  const first = Promise.withResolvers<void>()
  const run = async () => {
    while (!signal.aborted) {
      try {
        advance(await fill(options))
        first.resolve()
        watch = store.watch(options.prefix, revision, signal)
        if (waiters.length > 0) watch.requestProgress()
        for await (const batch of watch) {
          for (const event of batch.events) deliver(options.sink, options.prefix.length, event)
          advance(batch.revision)
        }
        // The store is closed: nothing more will come.
        await delay(retryDelayMs, undefined, { signal, ref: false }).catch(() => undefined)
      } catch (error) {
        if (signal.aborted) break
        onFailure(error)
        if (!(error instanceof StoreError)) first.reject(error)
        await delay(retryDelayMs, undefined, { signal }).catch(() => undefined)
      }
    }
    first.resolve()
    for (const waiter of waiters) waiter.resolve()
  }
  void run()
  return {
    synced: first.promise,
    whenCurrent() {
      const target = store.revision
      if (revision >= target || signal.aborted) return Promise.resolve()
      // Nothing below the prefix may be written for long: ask how far the watch is.
      watch?.requestProgress()
      return new Promise(resolve => waiters.push({ revision: target, resolve }))
    },
  }
}

/** Lists in pages at one revision, others may do something between them; returns that revision. */
async function fill({ store, prefix, sink }: FollowOptions): Promise<number> {
  sink.filling()
  let page = await store.list(prefix, { limit: listedValuesMax })
  const { revision } = page
  for (;;) {
    for (const item of page.items) sink.put(item.key.slice(prefix.length), item.value, item)
    const last = page.items.at(-1)
    if (page.remaining === 0 || last === undefined) {
      sink.filled()
      return revision
    }
    await turn()
    page = await store.list(prefix, { start: `${last.key}\0`, limit: listedValuesMax, revision })
  }
}

function deliver(sink: PrefixSink, prefixLength: number, event: StoreEvent): void {
  const suffix = event.key.slice(prefixLength)
  if (event.type === 'put') sink.put(suffix, event.value, event)
  else sink.remove(suffix, event.value)
}
