// Packs the headers of an answer with HPACK (RFC 7541): names by number where they are known, values as they are. The
// table of earlier headers is not used, so blocks do not depend on each other.
import { Buffer } from 'node:buffer'
import { knownHeaders } from './header-table.ts'

const numbers = new Map(knownHeaders.map(([name], i) => [name, i + 1] as const).reverse())
const statusNumbers = new Map(
  knownHeaders.flatMap(([name, value], i) => (name === ':status' ? [[value, i + 1] as const] : [])),
)
const statusName = numbers.get(':status') ?? 0
/** A prefix and the bytes of a number that does not fit into it. */
const integerBytesMax = 6

/** Before the first block: we keep no table, whatever the client would allow. */
export const noTable = Buffer.from([0x20])

export function encodeHeaders(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers)
  const bytesMax = entries.reduce((sum, [name, value]) => sum + name.length + value.length + 2 * integerBytesMax, 16)
  const to = Buffer.allocUnsafe(bytesMax)
  let at = writeStatus(to, String(status))
  for (const [name, value] of entries) {
    const number = numbers.get(name) ?? 0
    at = writeInteger(to, at, { prefixBits: 4, value: number })
    if (number === 0) at = writeText(to, at, name)
    at = writeText(to, at, value)
  }
  return to.subarray(0, at)
}

function writeStatus(to: Buffer, status: string): number {
  const number = statusNumbers.get(status)
  if (number === undefined) return writeText(to, writeInteger(to, 0, { prefixBits: 4, value: statusName }), status)
  to[0] = 0x80 + number
  return 1
}

function writeText(to: Buffer, at: number, text: string): number {
  const start = writeInteger(to, at, { prefixBits: 7, value: text.length })
  return start + to.write(text, start, 'latin1')
}

function writeInteger(to: Buffer, at: number, { prefixBits, value }: { prefixBits: number; value: number }): number {
  const prefixMax = 2 ** prefixBits - 1
  if (value < prefixMax) {
    to[at] = value
    return at + 1
  }
  to[at] = prefixMax
  let next = at + 1
  let left = value - prefixMax
  for (; left >= 128; left = Math.floor(left / 128)) to[next++] = (left % 128) + 128
  to[next] = left
  return next + 1
}
