// The store's commit thread on a disk whose sync takes 5 ms longer.
import { parentPort } from 'node:worker_threads'
import type { ThreadReply } from '../kcp/storage/committer.ts'
import { waitSync } from './wait-sync.ts'

const port = parentPort
if (port) {
  const post = port.postMessage.bind(port)
  port.postMessage = (reply: ThreadReply, transferred) => {
    if (reply.type === 'committed') waitSync(5)
    post(reply, transferred)
  }
  await import('../kcp/storage/commit-thread.ts')
}
