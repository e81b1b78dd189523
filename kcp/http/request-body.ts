// Reads a request's body whole, up to the limit of kube-apiserver.
import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { badRequest, requestEntityTooLarge } from '../../api/status-error.ts'

export const bodyBytesLimit = 3 * 1024 * 1024

/** Leaves the stream open when the body is too large, so that the refusal can be sent. */
export function readBytes(stream: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let isWhole = false
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bodyBytesLimit) reject(requestEntityTooLarge(bodyBytesLimit))
      else chunks.push(chunk)
    })
    stream.once('end', () => {
      isWhole = true
      const [only] = chunks
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks))
    })
    stream.once('error', reject)
    stream.once('close', () => {
      if (!isWhole) reject(badRequest('unexpected EOF'))
    })
  })
}
