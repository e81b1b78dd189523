// Large answers are compressed for clients that accept gzip; documents, which have an ETag, once. Never streams: a watch
// must show each event at once.
import { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'

/** Below this, compressing costs more than it saves. */
const bodyBytesMin = 128 * 1024
const compress = promisify(gzip)

/** Of documents that are kept compressed; a thousand definitions have about 400 kB. */
const keptBytesMax = 16 * 1024 * 1024

type Kept = LRUCache<string, Uint8Array>

export function withCompression(): Filter {
  const kept: Kept = new LRUCache({ maxSize: keptBytesMax, sizeCalculation: ({ length }) => length + 1 })
  return next => request => (acceptsGzip(request) ? compressed(next(request), kept) : next(request))
}

async function compressed(answer: Promise<ApiResponse>, kept: Kept): Promise<ApiResponse> {
  const response = await answer
  if (response.headers['content-encoding'] !== undefined) return response
  const body = largeBody(response)
  if (body === undefined) return response
  const { vary, ...headers } = response.headers
  const varies = vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`
  return {
    ...response,
    headers: { ...headers, vary: varies, 'content-encoding': 'gzip' },
    body: await compressBody(body, { etag: response.headers.etag, kept }),
  }
}

async function compressBody(
  body: string | Uint8Array,
  { etag, kept }: { etag: string | undefined; kept: Kept },
): Promise<Uint8Array> {
  if (etag === undefined) return compress(body, { level: constants.Z_BEST_SPEED })
  // Made pretty, a document is longer under the same ETag.
  const name = `${etag} ${body.length}`
  const bytes = kept.get(name) ?? (await compress(body, { level: constants.Z_BEST_SPEED }))
  kept.set(name, bytes)
  return bytes
}

function acceptsGzip({ headers }: ApiRequest): boolean {
  const accepted = headers['accept-encoding']
  if (accepted === undefined) return false
  const clauses = accepted.split(',')
  return clauses.some(clause => /^\s*gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(clause))
}

function largeBody({ body }: ApiResponse): string | Uint8Array | undefined {
  if (typeof body === 'string' || body instanceof Uint8Array) return body.length < bodyBytesMin ? undefined : body
  if (!Array.isArray(body)) return undefined
  const pieces = body as readonly Uint8Array[]
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return bytes < bodyBytesMin ? undefined : Buffer.concat(pieces)
}
