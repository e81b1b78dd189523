// One request and its answer on a connection. A class: a thousand of them stay open for as long as watches last.
import { Buffer } from 'node:buffer'
import { badRequest, requestEntityTooLarge } from '../../../api/status-error.ts'
import type { BodyStream } from '../exchange-writer.ts'
import { bodyBytesLimit } from '../request-body.ts'
import { BodyPieces } from './body-pieces.ts'
import { errorCode, frameBytesMax, windowBytesMax } from './frame.ts'
import { encodeHeaders } from './header-encoder.ts'
import type { RequestHeaders } from './request-headers.ts'
import type { Sender, Waiting } from './sender.ts'

/** The connection, as its streams see it. */
export interface StreamOwner {
  readonly sender: Sender
  /** The client may send as many bytes more. */
  credit(stream: ServerStream, bytes: number): void
  reset(stream: ServerStream, code: number): void
  /** Called once, when both sides have ended. */
  closed(stream: ServerStream): void
  /** Its handler is done. */
  settled(stream: ServerStream): void
}

interface Body {
  readonly pieces: BodyPieces
  bytes: number
  /** Of frames that came before anybody asked for the body. */
  uncreditedBytes: number
  readonly reader?: { resolve(bytes: Uint8Array): void; reject(error: unknown): void }
}

const noBytes = Buffer.alloc(0)
/** Of a body, from its beginning, when it was answered before its end; then the client is stopped. */
const drainedBytesMax = 4 * bodyBytesLimit

export class ServerStream implements BodyStream, Waiting {
  readonly id: number
  /** The client takes as many bytes. */
  sendWindow: number
  /** Told once. */
  onClose: (() => void) | undefined
  isClosed = false
  isSettled = false
  isRemoteEnded = false
  /** Bytes of the body that were taken and of which the client was not yet told. */
  creditBytes = 0
  readonly #owner: StreamOwner
  readonly #contentLength: number | undefined
  readonly #hasBody: boolean
  #isEnding = false
  #isDraining = false
  #onDrain: (() => void) | undefined
  #isDrainWanted = false
  /** What the windows or the client's pace did not let go yet; of the first one the part behind `#sentOfFirst`. */
  #waiting: Uint8Array[] | undefined
  #sentOfFirst = 0
  #body: Body | undefined

  constructor(owner: StreamOwner, id: number, request: RequestHeaders & { readonly sendWindow: number }) {
    this.#owner = owner
    this.id = id
    this.sendWindow = request.sendWindow
    this.#contentLength = request.contentLength
    this.#hasBody = request.method !== 'HEAD'
  }

  get destroyed(): boolean {
    return this.isClosed
  }

  onDrain(callback: () => void): void {
    this.#onDrain = callback
  }

  respond(status: number, headers: Readonly<Record<string, string>>): void {
    if (!this.isClosed) this.#owner.sender.headers(this.id, encodeHeaders(status, headers))
  }

  write(piece: Uint8Array): boolean {
    const { length } = piece
    if (length === 0 || this.isClosed || !this.#hasBody) return true
    const { sender } = this.#owner
    if (!this.#waiting && length <= frameBytesMax && length <= this.sendWindow && sender.canSend(length)) {
      this.sendWindow -= length
      sender.data(this.id, piece, false)
      return true
    }
    this.#wait(piece)
    this.#isDrainWanted = this.#waiting !== undefined
    return !this.#isDrainWanted
  }

  end(last: string | Uint8Array = noBytes): void {
    if (this.isClosed || this.#isEnding) return
    this.#isEnding = true
    const piece = typeof last === 'string' ? Buffer.from(last) : last
    if (piece.length > 0 && this.#hasBody) this.#wait(piece)
    else if (!this.#waiting) this.#sendEnd(noBytes)
  }

  hasBytes(): boolean {
    return this.#waiting !== undefined
  }

  sendFrame(): boolean {
    const [first] = this.#waiting ?? []
    const { sender } = this.#owner
    if (!this.#waiting || !first) return false
    const from = this.#sentOfFirst
    const bytes = Math.min(first.length - from, frameBytesMax, this.sendWindow, sender.window)
    if (bytes <= 0) return false
    this.sendWindow -= bytes
    const piece = first.subarray(from, from + bytes)
    this.#sentOfFirst += bytes
    if (this.#sentOfFirst === first.length) {
      this.#waiting.shift()
      this.#sentOfFirst = 0
      if (this.#waiting.length === 0) this.#waiting = undefined
    }
    if (this.#waiting || !this.#isEnding) sender.data(this.id, piece, false)
    else this.#sendEnd(piece)
    if (!this.#waiting && this.#isDrainWanted) {
      this.#isDrainWanted = false
      this.#onDrain?.()
    }
    return true
  }

  /** false: larger than a window may be. */
  widen(bytes: number): boolean {
    this.sendWindow += bytes
    if (this.sendWindow > windowBytesMax) return false
    if (this.#waiting) this.#owner.sender.sendWaiting(this)
    return true
  }

  /** The whole body; once. */
  body(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const { pieces = new BodyPieces(), bytes = 0, uncreditedBytes = 0 } = this.#body ?? {}
      this.#body = { pieces, bytes, uncreditedBytes: 0, reader: { resolve, reject } }
      if (uncreditedBytes > 0) this.#owner.credit(this, uncreditedBytes)
      this.#settleBody()
    })
  }

  /** A frame of the body, and its size with padding. */
  receive(payload: Buffer, frameBytes: number): void {
    this.#body ??= { pieces: new BodyPieces(), bytes: 0, uncreditedBytes: 0 }
    const body = this.#body
    body.bytes += payload.length
    if (this.#isDraining) {
      this.#owner.credit(this, frameBytes)
      if (body.bytes > drainedBytesMax) this.#owner.reset(this, errorCode.noError)
      return
    }
    if (body.bytes <= bodyBytesLimit) body.pieces.add(payload)
    else body.pieces.clear()
    if (body.reader) this.#owner.credit(this, frameBytes)
    else body.uncreditedBytes += frameBytes
    if (body.bytes > bodyBytesLimit) this.#settleBody()
  }

  endReceiving(): void {
    if (this.#contentLength !== undefined && this.#contentLength !== (this.#body?.bytes ?? 0)) {
      this.#owner.reset(this, errorCode.protocolError)
      return
    }
    this.isRemoteEnded = true
    this.#settleBody()
    if (this.#isEnding && !this.#waiting) this.close()
  }

  /** Nobody answers any more. */
  destroy(): void {
    if (!this.isClosed) this.#owner.reset(this, errorCode.internalError)
  }

  settled(): void {
    if (this.isSettled) return
    this.isSettled = true
    this.#owner.settled(this)
  }

  /** Both sides have ended, or the connection has. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#waiting = undefined
    this.#owner.sender.forget(this)
    const { uncreditedBytes = 0 } = this.#body ?? {}
    this.#owner.closed(this)
    if (uncreditedBytes > 0) this.#owner.credit(this, uncreditedBytes)
    this.#settleBody()
    this.#body = undefined
    this.onClose?.()
    this.#onDrain?.()
  }

  #wait(piece: Uint8Array): void {
    this.#waiting ??= []
    this.#waiting.push(piece)
    this.#owner.sender.sendWaiting(this)
  }

  #sendEnd(piece: Uint8Array): void {
    this.#owner.sender.data(this.id, piece, true)
    if (this.isRemoteEnded) this.close()
    else this.#startDraining()
  }

  /** What the client still sends of its body is of no use; but some lose the answer when they are told so. */
  #startDraining(): void {
    this.#isDraining = true
    const { uncreditedBytes = 0, bytes = 0 } = this.#body ?? {}
    this.#body = { pieces: new BodyPieces(), bytes, uncreditedBytes: 0 }
    if (uncreditedBytes > 0) this.#owner.credit(this, uncreditedBytes)
  }

  #settleBody(): void {
    const { reader, bytes, pieces } = this.#body ?? {}
    if (!reader || bytes === undefined || !pieces) return
    if (bytes > bodyBytesLimit) reader.reject(requestEntityTooLarge(bodyBytesLimit))
    else if (this.isRemoteEnded) reader.resolve(pieces.whole())
    else if (this.isClosed) reader.reject(badRequest('unexpected EOF'))
  }
}
