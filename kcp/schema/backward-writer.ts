// Bytes written from the end to the start: the length of what is inside is known when it is to be written before it.
import { Buffer } from 'node:buffer'

export interface BackwardWriter {
  /** Bytes written so far. */
  length(): number
  /** Before what was written. */
  bytes(content: Buffer): void
  varint(value: number): void
  /** Answers with the number of its bytes. */
  text(content: string): number
  /** What was written since there were so many bytes. */
  copySince(length: number): Buffer
  /** A copy of everything; the writer is empty then. */
  take(): Buffer
}

const bytesAtFirst = 64 * 1024
/** A character has at most three bytes; counting them is worth it only for long texts. */
const shortTextMax = 200

export function createBackwardWriter(): BackwardWriter {
  let buffer = Buffer.allocUnsafe(bytesAtFirst)
  let start = buffer.length

  function makeRoom(bytes: number): void {
    if (bytes <= start) return
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, buffer.length + bytes))
    const shift = larger.length - buffer.length
    buffer.copy(larger, start + shift, start)
    buffer = larger
    start += shift
  }

  function writeShort(content: string): boolean {
    const from = start - content.length
    for (let i = 0; i < content.length; i++) {
      const code = content.charCodeAt(i)
      if (code > 0x7f) return false
      buffer[from + i] = code
    }
    start = from
    return true
  }

  const writer: BackwardWriter = {
    length: () => buffer.length - start,
    bytes(content) {
      makeRoom(content.length)
      start -= content.length
      content.copy(buffer, start)
    },
    varint(value) {
      let bytes = 1
      for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes++
      makeRoom(bytes)
      start -= bytes
      let rest = value
      for (let i = 0; i < bytes - 1; i++) {
        buffer[start + i] = (rest % 0x80) | 0x80
        rest = Math.floor(rest / 0x80)
      }
      buffer[start + bytes - 1] = rest
    },
    text(content) {
      makeRoom(content.length)
      if (content.length <= shortTextMax && writeShort(content)) return content.length
      const bytes = Buffer.byteLength(content)
      makeRoom(bytes)
      start -= bytes
      buffer.write(content, start)
      return bytes
    },
    copySince: length => Buffer.from(buffer.subarray(start, buffer.length - length)),
    take() {
      const content = Buffer.from(buffer.subarray(start))
      start = buffer.length
      return content
    },
  }
  return writer
}
