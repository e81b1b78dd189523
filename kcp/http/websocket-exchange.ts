// A watch over WebSocket, for clients that have nothing else (browsers): one text frame per event. Any other request to
// upgrade, and a refused watch, is answered as if it had not asked. Leaves out: exec and port-forward.
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import { answerHttp1, requestOf } from './http1-exchange.ts'
import { clientGone, type Exchange } from './http2-exchange.ts'
import { isTrue } from './request-info.ts'
import { asStatusError, statusResponse } from './responses.ts'

/** A watcher has nothing to say. */
const incomingBytesLimit = 4096
const tokenProtocol = 'base64url.bearer.authorization.k8s.io.'

export interface Upgrade {
  readonly message: IncomingMessage
  readonly socket: Duplex
  /** What came behind the request. */
  readonly head: Buffer
}

export function serveUpgrade(exchange: Exchange, upgrade: Upgrade): void {
  const { socket } = upgrade
  const gone = new AbortController()
  exchange.active.add(gone)
  exchange.busy.add(socket)
  socket.once('close', () => {
    exchange.active.delete(gone)
    exchange.busy.delete(socket)
    gone.abort(clientGone)
  })
  answer(exchange, upgrade, gone.signal).catch((error: unknown) => {
    exchange.log.debug({ err: error }, 'answer was cut')
    socket.destroy()
  })
}

async function answer(exchange: Exchange, upgrade: Upgrade, signal: AbortSignal): Promise<void> {
  const request = withToken(requestOf(upgrade.message, signal), protocolsOf(upgrade.message))
  const response = await respond(exchange, request)
  if (upgrade.socket.destroyed) return
  const { body } = response
  const isStream = typeof body !== 'string' && !(body instanceof Uint8Array) && Symbol.asyncIterator in body
  if (isWatch(upgrade.message, request) && response.status === 200 && isStream) {
    const webSocket = await accept(upgrade)
    await sendEvents(webSocket, body, signal)
  } else await answerPlainly(upgrade, response)
}

async function respond({ handler }: Exchange, request: ApiRequest): Promise<ApiResponse> {
  try {
    return await handler(request)
  } catch (error) {
    return statusResponse(asStatusError(error).status)
  }
}

function isWatch({ headers, method }: IncomingMessage, { query }: ApiRequest): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isTrue(query.get('watch'))
}

function protocolsOf({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
}

/** Browsers can set no header, so Kubernetes lets the token come as the name of a protocol. */
function withToken(request: ApiRequest, protocols: readonly string[]): ApiRequest {
  const encoded = protocols.find(name => name.startsWith(tokenProtocol))?.slice(tokenProtocol.length)
  if (encoded === undefined || request.headers.authorization !== undefined) return request
  const authorization = `Bearer ${Buffer.from(encoded, 'base64url').toString()}`
  return { ...request, headers: { ...request.headers, authorization } }
}

async function accept({ message, socket, head }: Upgrade): Promise<WebSocket> {
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: incomingBytesLimit,
    // The token is never sent back.
    handleProtocols: offered => [...offered].find(name => !name.startsWith(tokenProtocol)) ?? false,
  })
  return new Promise(resolve => server.handleUpgrade(message, socket, head, resolve))
}

async function sendEvents(
  webSocket: WebSocket,
  events: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  // What goes wrong with the connection ends in its close event.
  webSocket.on('error', () => webSocket.terminate())
  for await (const chunk of events) {
    for (const line of Buffer.from(chunk).toString('utf8').split('\n')) {
      if (line !== '' && !signal.aborted) await send(webSocket, line)
    }
    if (signal.aborted) break
  }
  webSocket.close()
}

/** Resolves when the frame was taken by the system: a slow client is waited for. */
function send(webSocket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => webSocket.send(text, error => (error ? reject(error) : resolve())))
}

async function answerPlainly({ message, socket }: Upgrade, answered: ApiResponse): Promise<void> {
  const response = new ServerResponse(message)
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => socket.end())
  await answerHttp1(response, answered)
}
