// One HTTP/2 stream: request in, answer out, with the core stream API.
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { ApiRequest, Handler } from './exchange.ts'
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
  answer(exchange, stream, { headers, peer, signal: gone.signal }).then(
    () => {
      isAnswered = true
    },
    error => {
      exchange.log.debug({ err: error }, 'answer was cut')
      stream.destroy()
    },
  )
}

interface Incoming {
  readonly headers: IncomingHttpHeaders
  readonly peer: Peer
  readonly signal: AbortSignal
}

async function answer(exchange: Exchange, stream: ServerHttp2Stream, incoming: Incoming): Promise<void> {
  const response = await respond(exchange.handler, stream, incoming)
  if (stream.destroyed || stream.closed) return
  stream.respond({ ':status': response.status, ...response.headers })
  await writeBody(stream, response.body, incoming.signal)
}

async function respond(handler: Handler, stream: ServerHttp2Stream, incoming: Incoming) {
  try {
    return await handler(toRequest(stream, incoming))
  } catch (error) {
    return statusResponse(asStatusError(error).status)
  }
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
