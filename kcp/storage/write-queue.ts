// Collects the writes of one turn of the event loop, and all that come while a commit runs, into one batch.

import { type Committer, DiskFullError } from './committer.ts'
import type { CommitResult, Write } from './sqlite-engine.ts'
import { StoreError } from './store.ts'
import { refusalError } from './write-rule.ts'

/** Writes that wait for the disk; more are refused. */
const waitingWritesMax = 50_000
const adviceAfterFailure =
  'What was acknowledged is on disk; of the writes under way nobody knows. Check the disk and start again.'
/** More writes than this wait for the next batch: it bounds the message, and the time of one commit. */
const batchWritesMax = 2_000

export interface WriteQueueOptions {
  readonly committer: Committer
  readonly now: () => Date
  readonly historyMs: number
  /** Called before the writes of the batch resolve. */
  committed(writes: readonly Write[], result: CommitResult): void
  failed(error: StoreError): void
}

export interface WriteQueue {
  write(request: Write): Promise<number>
  /** Resolves when the commit under way is over, whatever its end. */
  settled(): Promise<void>
  /** Commits what waits and takes no more. */
  close(): Promise<void>
  readonly failure: StoreError | undefined
}

interface WaitingWrite extends Write {
  resolve(revision: number): void
  reject(error: unknown): void
}

export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const waiting: WaitingWrite[] = []
  let running: Promise<void> | undefined
  let scheduled = false
  let closed: StoreError | undefined
  let failure: StoreError | undefined

  function schedule(): void {
    if (scheduled || running || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      start()
    })
  }

  function start(): void {
    if (running || waiting.length === 0) return
    running = commit(waiting.splice(0, batchWritesMax)).then(() => {
      running = undefined
      schedule()
    })
  }

  async function commit(writes: readonly WaitingWrite[]): Promise<void> {
    if (failure) return rejectAll(writes, failure)
    const atMs = options.now().getTime()
    try {
      const batch = { writes, atMs, forgetBeforeMs: atMs - options.historyMs }
      const result = await options.committer.commit(batch)
      options.committed(writes, result)
      settle(writes, result)
    } catch (error) {
      rejectAll(writes, error instanceof DiskFullError ? error : fail(error))
    }
  }

  /** After a failed sync nobody knows what is on disk: nothing more is written. */
  function fail(error: unknown): StoreError {
    const reason = error instanceof Error ? error.message : String(error)
    failure = new StoreError('Unusable', `the store can no longer be written: ${reason}. ${adviceAfterFailure}`)
    options.failed(failure)
    return failure
  }

  return {
    get failure() {
      return failure
    },
    write(request) {
      const refusal = closed ?? failure ?? (waiting.length < waitingWritesMax ? undefined : tooManyWaiting())
      if (refusal) return Promise.reject(refusal)
      return new Promise((resolve, reject) => {
        waiting.push({ ...request, resolve, reject })
        schedule()
      })
    },
    settled: () => running ?? Promise.resolve(),
    async close() {
      closed ??= new StoreError('Unusable', 'the store is closed')
      for (start(); running; start()) await running
    },
  }
}

function settle(writes: readonly WaitingWrite[], { outcomes }: CommitResult): void {
  for (const [i, each] of writes.entries()) {
    const outcome = outcomes[i]
    if (!outcome) each.reject(new Error(`no outcome for the write of ${each.key}`))
    else if ('refusal' in outcome) each.reject(refusalError(each.key, outcome.refusal, each.expected))
    else each.resolve(outcome.revision)
  }
}

function rejectAll(writes: readonly WaitingWrite[], error: unknown): void {
  for (const each of writes) each.reject(error)
}

function tooManyWaiting(): StoreError {
  return new StoreError('TooSlow', `${waitingWritesMax} writes wait for the disk`)
}
