// Writes an answer to a stream, of either protocol, at the pace the client reads it.
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { ApiResponse } from './exchange.ts'

/** Ends the stream. Returns early when the client goes away. */
export async function writeBody(stream: Writable, body: ApiResponse['body'], signal: AbortSignal): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    stream.end(body)
    return
  }
  for await (const chunk of body) {
    if (stream.destroyed) return
    if (!stream.write(chunk)) await drained(stream, signal)
  }
  stream.end()
}

async function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  try {
    await once(stream, 'drain', { signal })
  } catch (error) {
    // Gone while waiting: the caller sees it at the stream.
    if (!signal.aborted && !stream.destroyed) throw error
  }
}
