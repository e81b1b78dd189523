// Where commits run. In the server on a thread of their own, so that waiting for the disk never holds up a watch
// (docs/decisions/001-commit-thread.md); tests may run them in place.

import { Worker } from 'node:worker_threads'
import { type CommitReply, packBatch, unpackResult } from './commit-messages.ts'
import { openMark } from './revision-mark.ts'
import { type CommitResult, type CompactResult, createEngine, type WriteBatch } from './sqlite-engine.ts'
import { openWriter } from './sqlite-files.ts'
import { StoreError } from './store.ts'

export interface Committer {
  /** Resolves after the commit is on disk. */
  commit(batch: WriteBatch): Promise<CommitResult>
  compactStep(revision: number): Promise<CompactResult>
  close(): Promise<void>
}

export interface CommitterFiles {
  readonly databasePath: string
  readonly markPath: string
}

export type OpenCommitter = (files: CommitterFiles) => Promise<Committer>

export type ThreadReply =
  | { readonly type: 'ready' | 'closed' }
  | CommitReply
  | ({ readonly type: 'compacted' } & CompactResult)
  | { readonly type: 'failed'; readonly message: string; readonly diskFull: boolean }

/** The batch was not written because there is no space; the store is as before and may go on. */
export class DiskFullError extends Error {}

/** Heap of the thread: it holds one batch at a time, its values outside of the heap. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 }

// In the bundle the thread's program lies beside the main one.
const programName = import.meta.url.endsWith('.ts') ? './commit-thread.ts' : './commit-thread.mjs'

export const openCommitThread: OpenCommitter = files => startThread(new URL(programName, import.meta.url), files)

/** The program is a parameter for the benchmark, which makes the disk slow. */
export async function startThread(program: URL, { databasePath, markPath }: CommitterFiles): Promise<Committer> {
  const workerData: CommitterFiles = { databasePath, markPath }
  const worker = new Worker(program, { workerData, resourceLimits, stdin: false })
  const requests: { resolve(reply: ThreadReply): void; reject(error: Error): void }[] = []
  let failure: Error | undefined

  function fail(error: Error): void {
    failure ??= error
    for (const request of requests.splice(0)) request.reject(failure)
  }
  worker.on('error', fail)
  worker.on('exit', code => fail(new StoreError('Unusable', `the commit thread ended with code ${code}`)))
  worker.on('message', (reply: ThreadReply) => {
    const request = requests.shift()
    if (requests.length === 0) worker.unref()
    if (reply.type === 'failed') request?.reject(failedError(reply))
    else request?.resolve(reply)
  })

  /** Each request has one reply, in order. */
  function reply(send?: () => void): Promise<ThreadReply> {
    if (failure) return Promise.reject(failure)
    return new Promise((resolve, reject) => {
      worker.ref()
      requests.push({ resolve, reject })
      send?.()
    })
  }

  await reply()
  return {
    async commit(batch) {
      const request = packBatch(batch)
      const result = await reply(() => worker.postMessage(request, [request.numbers.buffer, request.bytes.buffer]))
      if (result.type !== 'committed') throw new Error(`unexpected reply ${result.type} to a commit`)
      return unpackResult(result)
    },
    async compactStep(revision) {
      const result = await reply(() => worker.postMessage({ type: 'compact', revision }))
      if (result.type !== 'compacted') throw new Error(`unexpected reply ${result.type} to a compaction`)
      return result
    },
    async close() {
      if (!failure) await reply(() => worker.postMessage({ type: 'close' }))
      worker.ref()
      await worker.terminate()
    },
  }
}

/** Commits in the calling thread; for tests. */
export const openCommitterInPlace: OpenCommitter = async ({ databasePath, markPath }) => {
  const database = openWriter(databasePath)
  const mark = openMark(markPath)
  const engine = createEngine(database)
  return {
    async commit(batch) {
      const result = engine.commit(batch)
      mark.write(result.revision)
      return result
    },
    compactStep: async revision => engine.compactStep(revision),
    async close() {
      database.close()
      mark.closeDurably()
    },
  }
}

function failedError({ message, diskFull }: { message: string; diskFull: boolean }): Error {
  return diskFull ? new DiskFullError(message) : new StoreError('Unusable', message)
}
