// What leaves on a connection: frames within the client's windows and at the pace it reads. Streams that have to wait
// take turns, a frame each.
import { Buffer } from 'node:buffer'
import { flag, frameBytesMax, frameType, windowBytesAtFirst, windowBytesMax } from './frame.ts'
import { noTable } from './header-encoder.ts'
import { Output, type OutputSocket } from './output.ts'

/** A stream with bytes to send. */
export interface Waiting {
  hasBytes(): boolean
  /** false: its window is closed. */
  sendFrame(): boolean
}

export class Sender {
  readonly #output: Output
  readonly #waiting = new Set<Waiting>()
  /** Bytes of all streams that the client takes. */
  window = windowBytesAtFirst
  #hasSentHeaders = false

  constructor(socket: OutputSocket) {
    this.#output = new Output(socket, () => this.#resume())
  }

  canSend(bytes: number): boolean {
    return bytes <= this.window && !this.#output.isFull()
  }

  data(streamId: number, piece: Uint8Array, endsStream: boolean): void {
    this.window -= piece.length
    this.#output.append({ type: frameType.data, flags: endsStream ? flag.endStream : 0, streamId }, piece)
  }

  headers(streamId: number, packed: Buffer): void {
    const block = this.#hasSentHeaders ? packed : Buffer.concat([noTable, packed])
    this.#hasSentHeaders = true
    for (let at = 0; at < block.length; at += frameBytesMax) {
      const type = at === 0 ? frameType.headers : frameType.continuation
      const flags = at + frameBytesMax >= block.length ? flag.endHeaders : 0
      this.#output.append({ type, flags, streamId }, block.subarray(at, at + frameBytesMax))
    }
  }

  control(type: number, payload: Uint8Array, { flags = 0, streamId = 0 } = {}): void {
    this.#output.append({ type, flags, streamId }, payload)
  }

  /** As much as may leave now; the rest in turn with others. */
  sendWaiting(stream: Waiting): void {
    while (stream.hasBytes()) {
      if (this.canSend(1) && stream.sendFrame()) continue
      this.#waiting.add(stream)
      return
    }
    this.#waiting.delete(stream)
  }

  forget(stream: Waiting): void {
    this.#waiting.delete(stream)
  }

  /** false: the window would be larger than it may be. */
  widen(bytes: number): boolean {
    if (this.window + bytes > windowBytesMax) return false
    this.window += bytes
    this.#resume()
    return true
  }

  /** Nothing is appended any more; `written` when everything has left. */
  end(written: () => void): void {
    this.#output.end(written)
  }

  close(): void {
    this.#output.close()
    this.#waiting.clear()
  }

  /** Those put back are met again at the end of the same loop; each meeting sends a frame. */
  #resume(): void {
    for (const stream of this.#waiting) {
      if (!this.canSend(1)) return
      if (!stream.hasBytes()) this.#waiting.delete(stream)
      else if (stream.sendFrame()) {
        this.#waiting.delete(stream)
        if (stream.hasBytes()) this.#waiting.add(stream)
      }
    }
  }
}
