// One HTTP/1.1 request and its answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import { type BodyStream, writeBody } from './exchange-writer.ts'
import { clientGone, type Exchange, lengthOf } from './http2-exchange.ts'
import { type Peer, peerOf } from './peer.ts'
import { readBytes } from './request-body.ts'
import { parseRequestTarget } from './request-target.ts'
import { asStatusError, statusResponse } from './responses.ts'

export function serveHttp1(exchange: Exchange, message: IncomingMessage, response: ServerResponse): void {
  const gone = new AbortController()
  let isAnswered = false
  const { socket } = message
  exchange.active.add(gone)
  exchange.busy.add(socket)
  response.once('close', () => {
    exchange.active.delete(gone)
    exchange.busy.delete(socket)
    if (exchange.isStopping) socket.end()
    if (!isAnswered) gone.abort(clientGone)
  })
  answer(exchange, { message, response, signal: gone.signal }).then(
    () => {
      isAnswered = true
    },
    error => {
      exchange.log.debug({ err: error }, 'answer was cut')
      response.destroy()
    },
  )
}

interface Incoming {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly signal: AbortSignal
}

async function answer(exchange: Exchange, incoming: Incoming): Promise<void> {
  const { response } = incoming
  const answered = await respond(exchange, incoming)
  if (!response.destroyed) await answerHttp1(response, answered)
}

export async function answerHttp1(response: ServerResponse, answered: ApiResponse): Promise<void> {
  const { body } = answered
  const isWhole = typeof body === 'string' || body instanceof Uint8Array
  response.writeHead(answered.status, { ...answered.headers, ...lengthOf(answered) })
  // Watches of quiet resources must not wait for their first event to be seen as started.
  if (!isWhole) response.flushHeaders()
  await writeBody(new ResponseBody(response), body)
}

/** A class: a literal with a getter would be a shape of its own to V8, one for each request. */
class ResponseBody implements BodyStream {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get destroyed(): boolean {
    return this.#response.destroyed
  }

  write(piece: Uint8Array): boolean {
    return this.#response.write(piece)
  }

  end(last?: string | Uint8Array): void {
    this.#response.end(last)
  }

  onDrain(callback: () => void): void {
    this.#response.on('drain', callback)
    this.#response.once('close', callback)
  }
}

async function respond(exchange: Exchange, { message, signal }: Incoming) {
  try {
    return await exchange.handler(requestOf(message, signal))
  } catch (error) {
    return statusResponse(asStatusError(error).status)
  }
}

const peers = new WeakMap<TLSSocket, Peer>()

export function requestOf(message: IncomingMessage, signal: AbortSignal): ApiRequest {
  return {
    method: message.method ?? 'GET',
    ...parseRequestTarget(message.url ?? '/'),
    headers: message.headers as Record<string, string | undefined>,
    body: () => readBytes(message),
    signal,
    ...peerOfConnection(message),
    cluster: '',
    clusterPath: '',
    warnings: [],
  }
}

function peerOfConnection({ socket }: IncomingMessage): Peer {
  if (!(socket instanceof TLSSocket)) return { remoteAddress: socket.remoteAddress ?? '' }
  let peer = peers.get(socket)
  if (!peer) {
    peer = peerOf(socket)
    peers.set(socket, peer)
  }
  return peer
}
