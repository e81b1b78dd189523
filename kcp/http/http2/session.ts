// One connection of HTTP/2 as a server: settings, windows and streams. Node's own costs several microseconds a frame and
// kilobytes a stream, which a thousand watches pay for each event (docs/decisions/019-own-http2.md). Leaves out: push,
// priorities, trailers of answers, and a table of the headers we send.
import { Buffer } from 'node:buffer'
import {
  createFrameReader,
  errorCode,
  type Frame,
  flag,
  frameType,
  protocolFault,
  SessionFault,
  unpadded,
  windowBytesAtFirst,
  windowBytesMax,
} from './frame.ts'
import { createHeaderBlocks, type StreamHeaders, waitsForItself } from './header-blocks.ts'
import { headerListBytesMax } from './header-decoder.ts'
import { areTrailers, type RequestHeaders, requestHeadersOf } from './request-headers.ts'
import { Sender } from './sender.ts'
import { packSettings, streamWindowAfter } from './settings.ts'
import { ServerStream, type StreamOwner } from './stream.ts'

export interface SessionSocket {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  on(event: 'close', listener: () => void): unknown
  write(bytes: Uint8Array, written: () => void): unknown
  end(): unknown
  /** After what was written. */
  destroySoon(): unknown
  destroy(): unknown
}

export interface SessionOptions {
  /** `isTooLarge`: the headers are not all there. */
  onStream(stream: ServerStream, request: RequestHeaders, isTooLarge: boolean): void
  onFault(error: Error): void
}

/** At once, those included whose handlers have not noticed yet that their client is gone. */
export const concurrentStreamsMax = 2000
/** Of a body that nobody has asked for yet. */
const streamWindowBytes = 256 * 1024
const sessionWindowBytes = 1024 * 1024
/** Streams that we ended, so that what their clients had sent before is no fault. */
const rememberedResetsMax = 200
const pingBytes = 8

export class Session implements StreamOwner {
  readonly sender: Sender
  readonly #socket: SessionSocket
  readonly #options: SessionOptions
  readonly #streams = new Map<number, ServerStream>()
  readonly #resets = new Set<number>()
  readonly #headers = createHeaderBlocks()
  #usedSlots = 0
  #lastStreamId = 0
  #streamWindowAtFirst = windowBytesAtFirst
  #receiveWindow = sessionWindowBytes
  /** Bytes that were taken and not yet told of. */
  #creditBytes = 0
  #hasSettings = false
  #isClosing = false
  #isOver = false

  constructor(socket: SessionSocket, options: SessionOptions) {
    this.#socket = socket
    this.#options = options
    this.sender = new Sender(socket)
    const read = createFrameReader(frame => this.#take(frame))
    socket.on('data', chunk => {
      if (this.#isOver) return
      try {
        read(chunk)
      } catch (error) {
        this.#fail(error)
      }
    })
    socket.on('close', () => {
      this.sender.close()
      this.#end()
    })
    const ours = { concurrentStreamsMax, streamWindowBytes, headerListBytesMax }
    this.sender.control(frameType.settings, packSettings(ours))
    this.sender.control(frameType.windowUpdate, uint32(sessionWindowBytes - windowBytesAtFirst))
  }

  /** Takes no new streams, and ends with the last one. */
  close(): void {
    if (this.#isClosing || this.#isOver) return
    this.#isClosing = true
    this.#goAway(errorCode.noError)
    this.#endIfIdle()
  }

  credit(stream: ServerStream, bytes: number): void {
    this.#creditConnection(bytes)
    stream.creditBytes += bytes
    if (stream.creditBytes < streamWindowBytes / 2 || stream.isClosed || stream.isRemoteEnded) return
    this.sender.control(frameType.windowUpdate, uint32(stream.creditBytes), { streamId: stream.id })
    stream.creditBytes = 0
  }

  reset(stream: ServerStream, code: number): void {
    this.#resetId(stream.id, code)
    stream.close()
  }

  closed(stream: ServerStream): void {
    this.#streams.delete(stream.id)
    this.#freeSlot(stream)
    this.#endIfIdle()
  }

  settled(stream: ServerStream): void {
    this.#freeSlot(stream)
  }

  #creditConnection(bytes: number): void {
    this.#creditBytes += bytes
    if (this.#creditBytes < sessionWindowBytes / 2) return
    this.sender.control(frameType.windowUpdate, uint32(this.#creditBytes))
    this.#receiveWindow += this.#creditBytes
    this.#creditBytes = 0
  }

  #freeSlot(stream: ServerStream): void {
    if (stream.isClosed && stream.isSettled) this.#usedSlots--
  }

  #resetId(streamId: number, code: number): void {
    this.sender.control(frameType.rstStream, uint32(code), { streamId })
    this.#resets.add(streamId)
    const [oldest] = this.#resets
    if (this.#resets.size > rememberedResetsMax && oldest !== undefined) this.#resets.delete(oldest)
  }

  #goAway(code: number): void {
    this.sender.control(frameType.goAway, Buffer.concat([uint32(this.#lastStreamId), uint32(code)]))
  }

  #endIfIdle(): void {
    if (this.#isClosing && !this.#isOver && this.#streams.size === 0) this.sender.end(() => this.#socket.end())
  }

  #fail(error: unknown): void {
    const fault = error instanceof Error ? error : new Error(String(error))
    this.#options.onFault(fault)
    this.#goAway(fault instanceof SessionFault ? fault.code : errorCode.internalError)
    this.sender.end(() => this.#socket.destroySoon())
    this.#end()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const stream of [...this.#streams.values()]) stream.close()
  }

  #take(frame: Frame): void {
    if (this.#isOver) return
    const { type, streamId } = frame
    if (!this.#hasSettings && type !== frameType.settings) throw protocolFault('no settings at first')
    this.#headers.requireMayCome(frame)
    const isOfConnection = type === frameType.settings || type === frameType.ping || type === frameType.goAway
    if (isOfConnection && streamId !== 0) throw protocolFault('a frame of the connection on a stream')
    if (!isOfConnection && streamId === 0 && type < frameType.windowUpdate) throw protocolFault('no stream')
    this.#dispatch(frame)
  }

  #dispatch(frame: Frame): void {
    const { type } = frame
    if (type === frameType.data) this.#takeData(frame)
    else if (type === frameType.windowUpdate) this.#takeWindowUpdate(frame)
    else if (type === frameType.headers || type === frameType.continuation) this.#takeHeaders(frame)
    else if (type === frameType.rstStream) this.#takeReset(frame)
    else if (type === frameType.ping) this.#takePing(frame)
    else if (type === frameType.settings) this.#takeSettings(frame)
    else if (type === frameType.priority) this.#takePriority(frame)
    else if (type === frameType.goAway) this.close()
    else if (type === frameType.pushPromise) throw protocolFault('a client that pushes')
  }

  #takePing(frame: Frame): void {
    requireBytes(frame, pingBytes)
    if ((frame.flags & flag.ack) === 0) this.sender.control(frameType.ping, frame.payload, { flags: flag.ack })
  }

  #takeData(frame: Frame): void {
    const payload = unpadded(frame)
    const frameBytes = frame.payload.length
    this.#receiveWindow -= frameBytes
    if (this.#receiveWindow < 0) throw new SessionFault(errorCode.flowControlError, 'more data than the window')
    const stream = this.#streams.get(frame.streamId)
    if (!stream || stream.isRemoteEnded) {
      this.#requireSeen(frame.streamId)
      if (stream) this.reset(stream, errorCode.streamClosed)
      else if (!this.#resets.has(frame.streamId)) this.#resetId(frame.streamId, errorCode.streamClosed)
      this.#creditConnection(frameBytes)
      return
    }
    if (frameBytes > 0) stream.receive(payload, frameBytes)
    if ((frame.flags & flag.endStream) !== 0 && !stream.isClosed) stream.endReceiving()
  }

  #takeHeaders(frame: Frame): void {
    if (frame.streamId % 2 === 0) throw protocolFault('a stream of the server')
    const headers = this.#headers.take(frame)
    if (headers) this.#takeBlock(headers)
  }

  #takeBlock({ streamId, headers, isTooLarge, endsStream }: StreamHeaders): void {
    const stream = this.#streams.get(streamId)
    if (stream) {
      this.#takeTrailers(stream, endsStream && areTrailers(headers))
      return
    }
    if (this.#resets.has(streamId)) return
    if (streamId <= this.#lastStreamId) {
      throw new SessionFault(errorCode.streamClosed, 'headers on a stream that has ended')
    }
    this.#lastStreamId = streamId
    if (this.#isClosing) return
    const request = requestHeadersOf(headers)
    if (this.#usedSlots >= concurrentStreamsMax) this.#resetId(streamId, errorCode.refusedStream)
    else if (!request) this.#resetId(streamId, errorCode.protocolError)
    else this.#open(streamId, { request, isTooLarge, endsStream })
  }

  #open(streamId: number, opened: { request: RequestHeaders; isTooLarge: boolean; endsStream: boolean }): void {
    const { request, isTooLarge, endsStream } = opened
    const stream = new ServerStream(this, streamId, { ...request, sendWindow: this.#streamWindowAtFirst })
    this.#streams.set(streamId, stream)
    this.#usedSlots++
    if (endsStream) stream.endReceiving()
    if (!stream.isClosed) this.#options.onStream(stream, request, isTooLarge)
    else stream.settled()
  }

  #takeTrailers(stream: ServerStream, areGood: boolean): void {
    if (stream.isRemoteEnded) this.reset(stream, errorCode.streamClosed)
    else if (areGood) stream.endReceiving()
    else this.reset(stream, errorCode.protocolError)
  }

  #takePriority({ payload, streamId }: Frame): void {
    if (payload.length !== 5) this.#resetId(streamId, errorCode.frameSizeError)
    else if (waitsForItself(streamId, payload)) this.#resetId(streamId, errorCode.protocolError)
  }

  #takeReset(frame: Frame): void {
    requireBytes(frame, 4)
    this.#requireSeen(frame.streamId)
    this.#streams.get(frame.streamId)?.close()
  }

  #takeSettings(frame: Frame): void {
    this.#hasSettings = true
    const window = streamWindowAfter(frame, this.#streamWindowAtFirst)
    if ((frame.flags & flag.ack) !== 0) return
    const difference = window - this.#streamWindowAtFirst
    this.#streamWindowAtFirst = window
    this.sender.control(frameType.settings, Buffer.alloc(0), { flags: flag.ack })
    if (difference === 0) return
    for (const stream of [...this.#streams.values()]) {
      if (!stream.widen(difference)) throw new SessionFault(errorCode.flowControlError, 'a window too large')
    }
  }

  #takeWindowUpdate(frame: Frame): void {
    requireBytes(frame, 4)
    const { streamId } = frame
    const bytes = frame.payload.readUInt32BE(0) & windowBytesMax
    if (streamId === 0) {
      if (bytes === 0) throw protocolFault('a window wider by nothing')
      if (!this.sender.widen(bytes)) throw new SessionFault(errorCode.flowControlError, 'a window too large')
      return
    }
    this.#requireSeen(streamId)
    const stream = this.#streams.get(streamId)
    if (!stream) return
    if (bytes === 0) this.reset(stream, errorCode.protocolError)
    else if (!stream.widen(bytes)) this.reset(stream, errorCode.flowControlError)
  }

  #requireSeen(streamId: number): void {
    if (streamId > this.#lastStreamId || streamId % 2 === 0) throw protocolFault('a stream that was never opened')
  }
}

function requireBytes({ payload }: Frame, bytes: number): void {
  if (payload.length !== bytes) throw new SessionFault(errorCode.frameSizeError, `a frame that is not ${bytes} bytes`)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}
