// Gathers the frames of a connection and writes them in one go: once a turn of the event loop, or when there are many.
// One write is under way at a time, and what comes meanwhile leaves together after it.
import { Buffer } from 'node:buffer'
import { frameHeadBytes } from './frame.ts'

const chunkBytes = 256 * 1024
/** With more than this the streams wait: the client reads slowly. */
const waitingBytesMax = 2 * chunkBytes
/** Only what frames of the client provoke comes on top; whoever provokes so much is cut off. */
const provokedBytesMax = 8 * chunkBytes
const keptChunksMax = 16

interface Chunk {
  readonly bytes: Buffer
  used: number
}

/** Of all connections, written and free again. */
const keptChunks: Chunk[] = []

export interface FrameHead {
  readonly type: number
  readonly flags: number
  readonly streamId: number
}

export interface OutputSocket {
  write(bytes: Uint8Array, written: () => void): unknown
  destroy(): unknown
}

/** A class, for a thousand frames a turn: its methods are the same functions for all connections. */
export class Output {
  readonly #socket: OutputSocket
  readonly #onRoom: () => void
  readonly #onWritten = () => this.#written()
  /** Those that wait for the one under way. */
  readonly #full: Chunk[] = []
  #current: Chunk | undefined
  #underWay: Chunk | undefined
  #isDue = false
  #isClosed = false
  #onEnd: (() => void) | undefined

  /** `onRoom`: there was a write, and now there may be room. */
  constructor(socket: OutputSocket, onRoom: () => void) {
    this.#socket = socket
    this.#onRoom = onRoom
  }

  isFull(): boolean {
    return this.#full.length > 0 && this.#waitingBytes() >= waitingBytesMax
  }

  /** Copies the payload. */
  append({ type, flags, streamId }: FrameHead, payload: Uint8Array): void {
    if (this.#isClosed || this.#onEnd) return
    const { length } = payload
    const chunk = this.#chunkFor(frameHeadBytes + length)
    const { bytes, used: at } = chunk
    bytes[at] = length >>> 16
    bytes[at + 1] = length >>> 8
    bytes[at + 2] = length
    bytes[at + 3] = type
    bytes[at + 4] = flags
    bytes[at + 5] = streamId >>> 24
    bytes[at + 6] = streamId >>> 16
    bytes[at + 7] = streamId >>> 8
    bytes[at + 8] = streamId
    if (length > 0) bytes.set(payload, at + frameHeadBytes)
    chunk.used = at + frameHeadBytes + length
    if (this.#isDue) return
    this.#isDue = true
    if (due.push(this) === 1) setImmediate(flushDue)
  }

  /** Whatever is there leaves now, if nothing else is on its way. */
  flush(): void {
    this.#isDue = false
    if (this.#underWay || this.#isClosed) return
    let chunk = this.#full.shift()
    if (!chunk) {
      chunk = this.#current
      this.#current = undefined
    }
    if (!chunk) {
      this.#onEnd?.()
      return
    }
    this.#underWay = chunk
    this.#socket.write(chunk.bytes.subarray(0, chunk.used), this.#onWritten)
  }

  /** Takes no more; `written` is called when everything is. */
  end(written: () => void): void {
    if (this.#onEnd) return
    this.#onEnd = written
    this.flush()
  }

  /** Nothing is written any more. */
  close(): void {
    this.#isClosed = true
    this.#full.length = 0
    this.#current = undefined
  }

  #waitingBytes(): number {
    return this.#full.length * chunkBytes + (this.#current?.used ?? 0)
  }

  #chunkFor(bytes: number): Chunk {
    if (this.#current && this.#current.used + bytes > chunkBytes) {
      this.#full.push(this.#current)
      this.#current = undefined
      if (this.#waitingBytes() > provokedBytesMax) this.#socket.destroy()
      this.flush()
    }
    this.#current ??= keptChunks.pop() ?? { bytes: Buffer.allocUnsafeSlow(chunkBytes), used: 0 }
    return this.#current
  }

  #written(): void {
    const chunk = this.#underWay
    this.#underWay = undefined
    if (chunk && keptChunks.length < keptChunksMax) {
      chunk.used = 0
      keptChunks.push(chunk)
    }
    this.flush()
    if (!this.#isClosed) this.#onRoom()
  }
}

let due: Output[] = []

/** Everything that was appended leaves. */
export function flushDue(): void {
  const outputs = due
  due = []
  for (const each of outputs) each.flush()
}
