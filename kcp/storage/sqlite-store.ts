// The store in a directory of this machine. All writes of one turn of the event loop are one transaction, and each of
// them resolves after its commit is on disk. Reads use their own connection and see committed state only. A read never
// shows a revision that `revision` has not reached and watches have not been given. Nothing runs when nothing is written.

import { type Committer, type OpenCommitter, openCommitThread } from './committer.ts'
import type { Write, WriteOutcome } from './sqlite-engine.ts'
import { openStoreFiles } from './sqlite-files.ts'
import { createReader, type Reader } from './sqlite-reader.ts'
import type { Store, StoreError, StoreEvent } from './store.ts'
import { createWatch } from './watch.ts'
import { createWatchHub, type WatchHub } from './watch-hub.ts'
import { createWriteQueue, type WriteQueue } from './write-queue.ts'
import { futureRevisionError } from './write-rule.ts'

/** History younger than this is kept: long enough for a client that lost its connection to go on. */
export const historyMsMin = 5 * 60_000

export interface SqliteStoreOptions {
  readonly directory: string
  readonly now?: () => Date
  readonly historyMs?: number
  readonly bufferedEventsMax?: number
  readonly bufferedBytesMax?: number
  readonly openCommitter?: OpenCommitter
  /** The disk failed: reads go on, every write is refused. The process should end. */
  onFailure?(error: StoreError): void
}

/** Throws StoreError Unusable when the directory is in use, or its files are damaged, incomplete or newer. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const files = openStoreFiles(options.directory)
  try {
    const committer = await (options.openCommitter ?? openCommitThread)(files)
    return createStore({ ...options, committer, reader: createReader(files.reader), closeFiles: files.close })
  } catch (error) {
    files.close()
    throw error
  }
}

interface StoreParts extends SqliteStoreOptions {
  readonly committer: Committer
  readonly reader: Reader
  closeFiles(): void
}

function createStore(parts: StoreParts): Store {
  const { committer, reader, now = () => new Date(), historyMs = historyMsMin } = parts
  const counters = reader.counters()
  let compactedRevision = counters.compacted
  const hub = createWatchHub(counters.revision, parts)
  const queue = createWriteQueue({
    committer,
    now,
    historyMs,
    committed(writes, result) {
      compactedRevision = Math.max(compactedRevision, result.compactedRevision)
      reader.refresh()
      hub.dispatch(eventsOf(writes, result.outcomes), result.revision)
    },
    failed: error => parts.onFailure?.(error),
  })

  async function compact(revision: number): Promise<void> {
    if (revision > hub.revision) throw futureRevisionError(revision, hub.revision)
    for (let done = revision <= compactedRevision; !done; ) {
      const step = await committer.compactStep(revision)
      compactedRevision = Math.max(compactedRevision, step.compactedRevision)
      reader.refresh()
      done = step.done
    }
  }

  let disposing: Promise<void> | undefined
  async function dispose(): Promise<void> {
    await queue.close()
    hub.close()
    try {
      await committer.close()
    } finally {
      parts.closeFiles()
    }
  }

  return {
    get revision() {
      return hub.revision
    },
    get compactedRevision() {
      return compactedRevision
    },
    async get(key, { revision } = {}) {
      const found = reader.get(key, revision)
      if (found && found.revision > hub.revision) await reached(found.revision, hub, queue)
      return found
    },
    async list(prefix, listOptions = {}) {
      const result = reader.list(prefix, listOptions)
      if (result.revision > hub.revision) await reached(result.revision, hub, queue)
      return result
    },
    create: (key, value) => queue.write({ kind: 'create', key, value, expected: 0 }),
    update: (key, value, expected) => queue.write({ kind: 'update', key, value, expected }),
    delete: (key, expected) => queue.write({ kind: 'delete', key, value: noBytes, expected }),
    watch: (prefix, afterRevision, signal) =>
      createWatch({ hub, readLog: reader.readLog, prefix, afterRevision, signal }),
    compact,
    [Symbol.asyncDispose]() {
      disposing ??= dispose()
      return disposing
    },
  }
}

const noBytes = new Uint8Array()

/** The reader sees a commit a moment before its result arrives from the commit thread. */
async function reached(revision: number, hub: WatchHub, queue: WriteQueue): Promise<void> {
  while (hub.revision < revision && !queue.failure) await queue.settled()
}

function eventsOf(writes: readonly Write[], outcomes: readonly WriteOutcome[]): StoreEvent[] {
  const events: StoreEvent[] = []
  for (const [i, { kind, key, value }] of writes.entries()) {
    const outcome = outcomes[i]
    if (!outcome || 'refusal' in outcome) continue
    const { revision, previous } = outcome
    const type = kind === 'delete' ? 'delete' : 'put'
    const event = { type, key, revision, value: kind === 'delete' ? (previous ?? value) : value } as const
    events.push(previous ? { ...event, previous } : event)
  }
  return events
}
