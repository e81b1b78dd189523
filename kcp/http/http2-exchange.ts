// One HTTP/2 stream: request in, answer out, with the core stream API.
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { writeBody } from './exchange-writer.ts'
import type { HttpLog } from './log.ts'
import type { Peer } from './peer.ts'
import { readBytes } from './request-body.ts'
import { parseRequestTarget } from './request-target.ts'
import { asStatusError, statusResponse } from './responses.ts'

export interface Exchange {
  readonly handler: Handler
  readonly log: HttpLog
  /** Requests in progress; aborted when the server stops. */
  readonly active: Set<AbortController>
  /** HTTP/1.1 connections that carry a request now. */
  readonly busy: Set<Duplex>
  /** HTTP/1.1 connections then end with the answer they carry. */
  isStopping: boolean
}

/** One for all: making an error for each request that ends would cost more than the request. */
export const clientGone = new Error('the client is gone')

export function serveHttp2(
  exchange: Exchange,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  peer: Peer,
): void {
  const gone = new AbortController()
  let isAnswered = false
  exchange.active.add(gone)
  stream.once('close', () => {
    exchange.active.delete(gone)
    if (!isAnswered) gone.abort(clientGone)
  })
  stream.on('error', error => exchange.log.debug({ err: error }, 'HTTP/2 stream failed'))
  const { signal } = gone
  // A function that waited would keep the headers for as long as a watch lasts.
  respond(exchange.handler, stream, { headers, peer, signal })
    .then(response => write(stream, response, signal))
    .then(
      () => {
        isAnswered = true
      },
      error => {
        exchange.log.debug({ err: error }, 'answer was cut')
        stream.destroy()
      },
    )
}

async function respond(handler: Handler, stream: ServerHttp2Stream, incoming: Incoming): Promise<ApiResponse> {
  try {
    return await handler(toRequest(stream, incoming))
  } catch (error) {
    return statusResponse(asStatusError(error).status)
  }
}

function write(stream: ServerHttp2Stream, response: ApiResponse, signal: AbortSignal): Promise<void> | undefined {
  if (stream.destroyed || stream.closed) return undefined
  stream.respond({ ':status': response.status, ...response.headers })
  return writeBody(stream, response.body, signal)
}

interface Incoming {
  readonly headers: IncomingHttpHeaders
  readonly peer: Peer
  readonly signal: AbortSignal
}

function toRequest(stream: ServerHttp2Stream, { headers, peer, signal }: Incoming): ApiRequest {
  return {
    method: headers[':method'] ?? 'GET',
    ...parseRequestTarget(headers[':path'] ?? '/'),
    headers: headers as Record<string, string | undefined>,
    body: () => readBytes(stream),
    signal,
    ...peer,
    cluster: '',
    clusterPath: '',
    warnings: [],
  }
}
