// Settings of a connection: those we send, and what we heed of a client's.
import { Buffer } from 'node:buffer'
import { errorCode, type Frame, flag, frameBytesMax, protocolFault, SessionFault, windowBytesMax } from './frame.ts'

const setting = {
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const
const settingBytes = 6

export interface OurSettings {
  readonly concurrentStreamsMax: number
  readonly streamWindowBytes: number
  readonly headerListBytesMax: number
}

export function packSettings(ours: OurSettings): Buffer {
  const pairs = [
    [setting.maxConcurrentStreams, ours.concurrentStreamsMax],
    [setting.initialWindowSize, ours.streamWindowBytes],
    [setting.maxHeaderListSize, ours.headerListBytesMax],
  ] as const
  const packed = Buffer.alloc(pairs.length * settingBytes)
  for (const [i, [id, value]] of pairs.entries()) {
    packed.writeUInt16BE(id, i * settingBytes)
    packed.writeUInt32BE(value, i * settingBytes + 2)
  }
  return packed
}

/** The window of a stream, as the frame leaves it; throws a SessionFault. */
export function streamWindowAfter({ payload, flags }: Frame, windowBytes: number): number {
  const isAck = (flags & flag.ack) !== 0
  if (payload.length % settingBytes !== 0 || (isAck && payload.length > 0)) {
    throw new SessionFault(errorCode.frameSizeError, 'settings of a wrong size')
  }
  let window = windowBytes
  for (let at = 0; at < payload.length; at += settingBytes) {
    const id = payload.readUInt16BE(at)
    const value = payload.readUInt32BE(at + 2)
    check(id, value)
    if (id === setting.initialWindowSize) window = value
  }
  return window
}

function check(id: number, value: number): void {
  if (id === setting.enablePush && value > 1) throw protocolFault('push is on or off')
  if (id === setting.initialWindowSize && value > windowBytesMax) {
    throw new SessionFault(errorCode.flowControlError, 'a window too large')
  }
  if (id === setting.maxFrameSize && (value < frameBytesMax || value >= 2 ** 24)) {
    throw protocolFault('a size of frames that is not allowed')
  }
}
