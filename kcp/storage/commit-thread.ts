// The program of the commit thread: writes the SQLite store and waits for the disk, one request after the other.

import { parentPort, workerData } from 'node:worker_threads'
import { type CommitRequest, packResult, unpackBatch } from './commit-messages.ts'
import type { CommitterFiles, ThreadReply } from './committer.ts'
import { openMark } from './revision-mark.ts'
import { createEngine } from './sqlite-engine.ts'
import { openWriter } from './sqlite-files.ts'

type ThreadRequest =
  | CommitRequest
  | { readonly type: 'compact'; readonly revision: number }
  | { readonly type: 'close' }

const sqliteFull = 13

if (!parentPort) throw new Error('commit-thread is not a program of its own')
const port = parentPort
const files = workerData as CommitterFiles
const database = openWriter(files.databasePath)
const mark = openMark(files.markPath)
const engine = createEngine(database)

function perform(request: ThreadRequest): ThreadReply {
  if (request.type === 'compact') return { type: 'compacted', ...engine.compactStep(request.revision) }
  if (request.type === 'close') {
    database.close()
    mark.closeDurably()
    return { type: 'closed' }
  }
  const result = engine.commit(unpackBatch(request))
  mark.write(result.revision)
  return packResult(result)
}

function answer(request: ThreadRequest): ThreadReply {
  try {
    return perform(request)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const diskFull = error instanceof Error && 'errcode' in error && error.errcode === sqliteFull
    return { type: 'failed', message, diskFull }
  }
}

port.on('message', (request: ThreadRequest) => {
  const reply = answer(request)
  port.postMessage(reply, reply.type === 'committed' ? [reply.numbers.buffer, reply.bytes.buffer] : [])
})
port.postMessage({ type: 'ready' } satisfies ThreadReply)
