// Reads blocks of headers as HPACK (RFC 7541) packs them. Every block of a connection is read, also of streams that are
// refused: blocks refer to earlier ones.
import type { Buffer } from 'node:buffer'
import { errorCode, SessionFault } from './frame.ts'
import { createHeaderTable, type Header, sizeOf } from './header-table.ts'
import { decodeHuffman } from './huffman.ts'

/** What we let clients keep with us; the size HTTP/2 starts with. */
const tableBytesMax = 4096
/** Names and values of one request, each with 32 bytes more. */
export const headerListBytesMax = 64 * 1024
const integerMax = 2 ** 28

export interface HeaderBlock {
  readonly headers: readonly Header[]
  /** Some are left out. */
  readonly isTooLarge: boolean
}

/** Throws a SessionFault. */
export type HeaderDecoder = (block: Buffer) => HeaderBlock

export function createHeaderDecoder(): HeaderDecoder {
  const table = createHeaderTable(tableBytesMax)
  return block => {
    const headers: Header[] = []
    let bytes = 0
    const cursor = { block, at: 0 }
    while (cursor.at < block.length) {
      const header = readField(cursor)
      if (!header) {
        if (headers.length > 0) throw badBlock('a change of the table amid headers')
        continue
      }
      bytes += sizeOf(header)
      if (bytes <= headerListBytesMax) headers.push(header)
    }
    return { headers, isTooLarge: bytes > headerListBytesMax }
  }

  /** undefined: a new size of the table. */
  function readField(cursor: Cursor): Header | undefined {
    const first = cursor.block[cursor.at] ?? 0
    if (first >= 0x80) return table.at(readInteger(cursor, 7))
    if (first >= 0x40) {
      const header = readLiteral(cursor, 6)
      table.add(header)
      return header
    }
    if (first < 0x20) return readLiteral(cursor, 4)
    const size = readInteger(cursor, 5)
    if (size > tableBytesMax) throw badBlock('a table larger than allowed')
    table.resize(size)
    return undefined
  }

  function readLiteral(cursor: Cursor, prefixBits: number): Header {
    const known = readInteger(cursor, prefixBits)
    const name = known === 0 ? readText(cursor) : table.at(known)[0]
    return [name, readText(cursor)]
  }
}

interface Cursor {
  readonly block: Buffer
  at: number
}

function readInteger(cursor: Cursor, prefixBits: number): number {
  const prefixMax = 2 ** prefixBits - 1
  let value = readByte(cursor) & prefixMax
  if (value < prefixMax) return value
  for (let factor = 1; ; factor *= 128) {
    const byte = readByte(cursor)
    value += (byte & 0x7f) * factor
    if (value > integerMax || factor > integerMax) throw badBlock('a number too large')
    if (byte < 0x80) return value
  }
}

function readText(cursor: Cursor): string {
  const isHuffman = (cursor.block[cursor.at] ?? 0) >= 0x80
  const length = readInteger(cursor, 7)
  const start = cursor.at
  cursor.at += length
  if (cursor.at > cursor.block.length) throw badBlock('a text longer than its block')
  if (!isHuffman) return cursor.block.toString('latin1', start, cursor.at)
  return decodeHuffman(cursor.block.subarray(start, cursor.at))
}

function readByte(cursor: Cursor): number {
  const byte = cursor.block[cursor.at++]
  if (byte === undefined) throw badBlock('a block that ends early')
  return byte
}

function badBlock(message: string): SessionFault {
  return new SessionFault(errorCode.compressionError, message)
}
