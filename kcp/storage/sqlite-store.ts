// The store in a directory of this machine. All writes of one turn of the event loop are one transaction, and each of
// them resolves after its commit is on disk. Reads use their own connection and see committed state only.

import { type CommitResult, createEngine, type Write, type WriteBatch, type WriteOutcome } from './sqlite-engine.ts'
import { openStoreFiles } from './sqlite-files.ts'
import { createReader } from './sqlite-reader.ts'
import { type Store, StoreError, type StoreEvent } from './store.ts'
import { createWatch } from './watch.ts'
import { createWatchHub } from './watch-hub.ts'
import { futureRevisionError, refusalError } from './write-rule.ts'

/** History younger than this is kept: long enough for a client that lost its connection to go on. */
export const historyMsMin = 5 * 60_000
/** Writes that wait for the disk; more are refused. */
const waitingWritesMax = 50_000

export interface SqliteStoreOptions {
  readonly directory: string
  readonly now?: () => Date
  readonly historyMs?: number
  readonly bufferedEventsMax?: number
}

interface WaitingWrite extends Write {
  resolve(revision: number): void
  reject(error: unknown): void
}

export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory, now = () => new Date(), historyMs = historyMsMin, bufferedEventsMax } = options
  const files = openStoreFiles(directory)
  const engine = createEngine(files.writer)
  const reader = createReader(files.reader)
  let compactedRevision = reader.counters().compacted
  const hub = createWatchHub(reader.counters().revision, bufferedEventsMax)
  let waiting: WaitingWrite[] = []
  let closed = false

  function write(request: Write): Promise<number> {
    if (closed) return Promise.reject(new StoreError('Unusable', `the store in ${directory} is closed`))
    if (waiting.length >= waitingWritesMax) {
      return Promise.reject(new StoreError('TooSlow', `${waitingWritesMax} writes wait for the disk of ${directory}`))
    }
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ ...request, resolve, reject })
    })
  }

  function flush(): void {
    const writes = waiting
    if (writes.length === 0) return
    waiting = []
    const atMs = now().getTime()
    const batch: WriteBatch = { writes, atMs, forgetBeforeMs: atMs - historyMs }
    try {
      settle(writes, engine.commit(batch))
    } catch (error) {
      for (const each of writes) each.reject(error)
    }
  }

  function settle(writes: readonly WaitingWrite[], result: CommitResult): void {
    compactedRevision = result.compactedRevision
    hub.dispatch(eventsOf(writes, result.outcomes), result.revision)
    for (const [i, each] of writes.entries()) {
      const outcome = result.outcomes[i]
      if (outcome && 'revision' in outcome) each.resolve(outcome.revision)
      else if (outcome) each.reject(refusalError(each.key, outcome.refusal, each.expected))
    }
  }

  return {
    get revision() {
      return hub.revision
    },
    get compactedRevision() {
      return compactedRevision
    },
    get: async (key, { revision } = {}) => reader.get(key, revision),
    list: async (prefix, listOptions = {}) => reader.list(prefix, listOptions),
    create: (key, value) => write({ kind: 'create', key, value, expected: 0 }),
    update: (key, value, expected) => write({ kind: 'update', key, value, expected }),
    delete: (key, expected) => write({ kind: 'delete', key, value: noBytes, expected }),
    watch: (prefix, afterRevision, signal) =>
      createWatch({ hub, readLog: reader.readLog, prefix, afterRevision, signal }),
    async compact(revision) {
      if (revision > hub.revision) throw futureRevisionError(revision, hub.revision)
      while (compactedRevision < revision) {
        compactedRevision = engine.compactStep(revision)
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    async [Symbol.asyncDispose]() {
      if (closed) return
      flush()
      closed = true
      hub.close()
      files.close()
    },
  }
}

const noBytes = new Uint8Array()

function eventsOf(writes: readonly Write[], outcomes: readonly WriteOutcome[]): StoreEvent[] {
  const events: StoreEvent[] = []
  for (const [i, { kind, key, value }] of writes.entries()) {
    const outcome = outcomes[i]
    if (!outcome || !('revision' in outcome)) continue
    const { revision, previous } = outcome
    const type = kind === 'delete' ? 'delete' : 'put'
    const event = { type, key, revision, value: kind === 'delete' ? (previous ?? value) : value } as const
    events.push(previous ? { ...event, previous } : event)
  }
  return events
}
