// Writes an answer to a stream, of either protocol, at the pace the client reads it.
import type { Feed } from '../storage/feed.ts'
import type { ApiResponse } from './exchange.ts'
import { flushDue } from './http2/output.ts'

/** Where an answer goes; what is written is never changed afterwards. */
export interface BodyStream {
  readonly destroyed: boolean
  /** false: the client reads slowly; wait until it has drained. */
  write(piece: Uint8Array): boolean
  end(last?: string | Uint8Array): void
  /** For the one writer: called when there is room again, and when the stream is gone. */
  onDrain(callback: () => void): void
}

/** Ends the stream. Returns early when the client goes away. */
export async function writeBody(stream: BodyStream, body: ApiResponse['body']): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    stream.end(body)
    return
  }
  if (isFeed(body)) return writeFeed(stream, body)
  for await (const chunk of body) {
    if (stream.destroyed) return
    if (!stream.write(chunk)) await new Promise<void>(resolve => stream.onDrain(resolve))
  }
  stream.end()
}

function isFeed(body: Exclude<ApiResponse['body'], string | Uint8Array>): body is Feed<Uint8Array> {
  return 'take' in body
}

/** Streams whose feeds have something. Each turn of the loop writes to some of them, so that their frames leave together. */
let due: (() => void)[] = []
/** The first are read by their clients while the last are written, and other requests have their turn between. */
const pumpsPerTurn = 200

function writeSoon(pump: () => void): void {
  // After the answers to the writes that made the events.
  if (due.push(pump) === 1) setImmediate(writeSome)
}

function writeSome(): void {
  const pumps = due
  due = pumps.length > pumpsPerTurn ? pumps.splice(pumpsPerTurn) : []
  if (due.length > 0) setImmediate(writeSome)
  for (const pump of pumps) pump()
  flushDue()
}

/** While the stream is full its feed is left alone, which then holds what it may and ends. */
function writeFeed(stream: BodyStream, feed: Feed<Uint8Array>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDue = false
    let isFull = false

    function pump(): void {
      isDue = false
      if (isFull && !stream.destroyed) return
      try {
        writeReady()
      } catch (error) {
        feed.close()
        reject(error)
      }
    }

    function writeReady(): void {
      for (let piece = feed.take(); piece; piece = feed.take()) {
        if (stream.destroyed) break
        if (stream.write(piece)) continue
        isFull = true
        return
      }
      if (stream.destroyed) feed.close()
      else if (feed.isOver()) stream.end()
      if (feed.isOver()) resolve()
    }

    feed.onReady(() => {
      if (isDue) return
      isDue = true
      writeSoon(pump)
    })
    stream.onDrain(() => {
      isFull = false
      pump()
    })
    pump()
  })
}
