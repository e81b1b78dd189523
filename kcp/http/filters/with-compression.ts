// Large answers are compressed for clients that accept gzip. Never streams: a watch must show each event at once.
import { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'

/** Below this, compressing costs more than it saves. */
const bodyBytesMin = 128 * 1024
const compress = promisify(gzip)

export function withCompression(): Filter {
  return next => request => (acceptsGzip(request) ? compressed(next(request)) : next(request))
}

async function compressed(answer: Promise<ApiResponse>): Promise<ApiResponse> {
  const response = await answer
  if (response.headers['content-encoding'] !== undefined) return response
  const body = largeBody(response)
  if (body === undefined) return response
  const { vary, ...headers } = response.headers
  const varies = vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`
  return {
    ...response,
    headers: { ...headers, vary: varies, 'content-encoding': 'gzip' },
    body: await compress(body, { level: constants.Z_BEST_SPEED }),
  }
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
