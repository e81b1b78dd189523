// The frames of HTTP/2 (RFC 9113): their numbers, and how a stream of bytes is taken apart into them.
import { Buffer } from 'node:buffer'

export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const flag = { ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const

export const errorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
} as const

export const frameHeadBytes = 9
/** Of a payload. Every peer takes as much, and we take no more. */
export const frameBytesMax = 16_384
export const windowBytesMax = 2 ** 31 - 1
/** Of a stream, and of a connection, before anybody said otherwise. */
export const windowBytesAtFirst = 65_535

/** Ends the connection. */
export class SessionFault extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export interface Frame {
  readonly type: number
  readonly flags: number
  /** 0: the connection. */
  readonly streamId: number
  readonly payload: Buffer
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Takes bytes as they come, the client's preface first; throws a SessionFault. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let hasPreface = false
  return chunk => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    if (!hasPreface) {
      const seen = Math.min(bytes.length, preface.length)
      if (bytes.compare(preface, 0, seen, 0, seen) !== 0) throw protocolFault('no preface of HTTP/2')
      hasPreface = seen === preface.length
      at = hasPreface ? seen : 0
    }
    while (hasPreface && bytes.length - at >= frameHeadBytes) {
      const length = bytes.readUIntBE(at, 3)
      if (length > frameBytesMax) throw new SessionFault(errorCode.frameSizeError, `a frame of ${length} bytes`)
      const end = at + frameHeadBytes + length
      if (end > bytes.length) break
      const streamId = bytes.readUInt32BE(at + 5) & windowBytesMax
      const payload = bytes.subarray(at + frameHeadBytes, end)
      at = end
      onFrame({ type: bytes[end - length - 6] ?? 0, flags: bytes[end - length - 5] ?? 0, streamId, payload })
    }
    rest = bytes.subarray(at)
  }
}

/** What a frame carries without its padding; throws a SessionFault. */
export function unpadded({ flags, payload }: Frame): Buffer {
  if ((flags & flag.padded) === 0) return payload
  const padding = payload[0]
  if (padding === undefined || padding >= payload.length) throw protocolFault('more padding than frame')
  return payload.subarray(1, payload.length - padding)
}

export function protocolFault(message: string): SessionFault {
  return new SessionFault(errorCode.protocolError, message)
}
