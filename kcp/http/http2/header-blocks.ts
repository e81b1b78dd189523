// Headers of a stream, which may come in several frames with nothing between them.
import { Buffer } from 'node:buffer'
import {
  errorCode,
  type Frame,
  flag,
  frameType,
  protocolFault,
  SessionFault,
  unpadded,
  windowBytesMax,
} from './frame.ts'
import { createHeaderDecoder, type HeaderBlock, headerListBytesMax } from './header-decoder.ts'

const blockBytesMax = headerListBytesMax
const framesMax = 16
const priorityBytes = 5

export interface StreamHeaders extends HeaderBlock {
  readonly streamId: number
  readonly endsStream: boolean
}

export interface HeaderBlocks {
  /** HEADERS or CONTINUATION; undefined: there is more to come. Throws a SessionFault. */
  take(frame: Frame): StreamHeaders | undefined
  /** Throws a SessionFault for a frame amid headers. */
  requireMayCome(frame: Frame): void
}

export function createHeaderBlocks(): HeaderBlocks {
  const decode = createHeaderDecoder()
  let open: { readonly head: Frame; readonly parts: Buffer[]; bytes: number } | undefined

  function whole(): StreamHeaders | undefined {
    if (!open) return undefined
    const { head, parts } = open
    open = undefined
    const [only] = parts
    const block = decode(parts.length === 1 && only ? only : Buffer.concat(parts))
    return { ...block, streamId: head.streamId, endsStream: (head.flags & flag.endStream) !== 0 }
  }

  return {
    take(frame) {
      if (frame.type === frameType.headers) {
        const block = blockOf(frame)
        open = { head: frame, parts: [block], bytes: block.length }
      } else if (open) {
        open.parts.push(frame.payload)
        open.bytes += frame.payload.length
        if (open.bytes > blockBytesMax || open.parts.length > framesMax) {
          throw new SessionFault(errorCode.enhanceYourCalm, 'headers without end')
        }
      } else throw protocolFault('a continuation of nothing')
      return (frame.flags & flag.endHeaders) === 0 ? undefined : whole()
    },
    requireMayCome({ type, streamId }) {
      if (!open) return
      if (type !== frameType.continuation || streamId !== open.head.streamId)
        throw protocolFault('a frame amid headers')
    },
  }
}

function blockOf(frame: Frame): Buffer {
  const block = unpadded(frame)
  if ((frame.flags & flag.priority) === 0) return block
  if (block.length < priorityBytes) throw protocolFault('no priority')
  if (waitsForItself(frame.streamId, block)) throw protocolFault('a stream that waits for itself')
  return block.subarray(priorityBytes)
}

/** Priorities are not heeded, but this one is wrong. */
export function waitsForItself(streamId: number, priority: Buffer): boolean {
  return (priority.readUInt32BE(0) & windowBytesMax) === streamId
}
