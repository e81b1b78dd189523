// Names and values of headers by number, as HPACK (RFC 7541) has them: 61 that everybody knows, then those that were
// sent before on this connection, the last one first.
import { errorCode, SessionFault } from './frame.ts'

export type Header = readonly [name: string, value: string]

const statuses = ['200', '204', '206', '304', '400', '404', '500']
const namesOnly = [
  'accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control',
  'content-disposition content-encoding content-language content-length content-location content-range content-type',
  'cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since',
  'last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after',
  'server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate',
].flatMap(line => line.split(' '))

/** The first one has number 1. */
export const knownHeaders: readonly Header[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...statuses.map((status): Header => [':status', status]),
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ...namesOnly.map((name): Header => [name, '']),
]

/** What RFC 7541 counts for an entry beside its texts. */
export const entryBytes = 32

export interface HeaderTable {
  /** Throws a SessionFault for a number that nobody has. */
  at(number: number): Header
  add(header: Header): void
  /** In bytes as RFC 7541 counts them. */
  resize(bytesMax: number): void
}

export function createHeaderTable(bytesAtFirst: number): HeaderTable {
  /** The last one is the newest. */
  const sent: Header[] = []
  let bytes = 0
  let bytesMax = bytesAtFirst

  function shrinkTo(limit: number): void {
    let gone = 0
    for (; bytes > limit; gone++) bytes -= sizeOf(sent[gone] ?? ['', ''])
    if (gone > 0) sent.splice(0, gone)
  }

  return {
    at(number) {
      const found =
        number <= knownHeaders.length ? knownHeaders[number - 1] : sent[sent.length - (number - knownHeaders.length)]
      if (!found) throw new SessionFault(errorCode.compressionError, `there is no header ${number}`)
      return found
    },
    add(header) {
      const size = sizeOf(header)
      shrinkTo(Math.max(0, bytesMax - size))
      if (size > bytesMax) return
      sent.push(header)
      bytes += size
    },
    resize(limit) {
      bytesMax = limit
      shrinkTo(limit)
    },
  }
}

export function sizeOf([name, value]: Header): number {
  return name.length + value.length + entryBytes
}
