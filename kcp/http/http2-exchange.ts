// One stream of HTTP/2: request in, answer out.
import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { writeBody } from './exchange-writer.ts'
import type { RequestHeaders } from './http2/request-headers.ts'
import type { ServerStream } from './http2/stream.ts'
import type { HttpLog } from './log.ts'
import type { Peer } from './peer.ts'
import { parseRequestTarget } from './request-target.ts'
import { asStatusError, statusResponse } from './responses.ts'

export interface Exchange {
  readonly handler: Handler
  readonly log: HttpLog
  /** For the header `date`. */
  readonly httpDate: () => string
  /** Requests in progress; aborted when the server stops. */
  readonly active: Set<AbortController>
  /** HTTP/1.1 connections that carry a request now. */
  readonly busy: Set<Duplex>
  /** HTTP/1.1 connections then end with the answer they carry. */
  isStopping: boolean
}

/** One for all: making an error for each request that ends would cost more than the request. */
export const clientGone = new Error('the client is gone')

interface Incoming extends RequestHeaders {
  readonly peer: Peer
  /** Not all headers are there. */
  readonly isTooLarge: boolean
}

const headersTooLarge: ApiResponse = { status: 431, headers: { 'content-type': 'text/plain' }, body: '' }

export function serveHttp2(exchange: Exchange, stream: ServerStream, incoming: Incoming): void {
  const gone = new AbortController()
  let isAnswered = false
  exchange.active.add(gone)
  stream.onClose = () => {
    exchange.active.delete(gone)
    if (!isAnswered) gone.abort(clientGone)
  }
  // A function that waited would keep the headers for as long as a watch lasts.
  const { signal } = gone
  const answer = incoming.isTooLarge
    ? Promise.resolve(headersTooLarge)
    : respond(exchange.handler, stream, { ...incoming, signal })
  answer
    .then(response => write(stream, response, exchange.httpDate()))
    .then(
      () => {
        isAnswered = true
      },
      error => {
        exchange.log.debug({ err: error }, 'answer was cut')
        stream.destroy()
      },
    )
    .then(() => stream.settled())
}

async function respond(handler: Handler, stream: ServerStream, parts: RequestParts): Promise<ApiResponse> {
  try {
    return await handler(toRequest(stream, parts))
  } catch (error) {
    return statusResponse(asStatusError(error).status)
  }
}

function write(stream: ServerStream, response: ApiResponse, date: string): Promise<void> | undefined {
  if (stream.destroyed) return undefined
  const { status, headers, body } = response
  stream.respond(status, { ...headers, ...lengthOf(response), date })
  return writeBody(stream, body)
}

/** Nothing for a stream, nor for an answer that has no body by its status. */
export function lengthOf({ status, body }: ApiResponse): { 'content-length'?: string } {
  const isWhole = typeof body === 'string' || body instanceof Uint8Array
  return isWhole && status !== 204 && status !== 304 ? { 'content-length': String(Buffer.byteLength(body)) } : {}
}

interface RequestParts extends Incoming {
  readonly signal: AbortSignal
}

function toRequest(stream: ServerStream, { method, target, headers, peer, signal }: RequestParts): ApiRequest {
  return {
    method,
    ...parseRequestTarget(target),
    headers,
    body: () => stream.body(),
    signal,
    ...peer,
    cluster: '',
    clusterPath: '',
    warnings: [],
  }
}
