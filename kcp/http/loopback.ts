// The in-process path to our own handler: controllers use the client everybody uses, without TLS, tokens or copies.
// The user is handed over as an argument, so nothing in a request can claim it.

import type { UserInfo } from '../../api/user.ts'
import type { Transport, TransportRequest } from '../../api-client/transport/transport.ts'
import { ownManager } from '../registry/parts.ts'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { parseRequestTarget } from './request-target.ts'

const neverAborted = new AbortController().signal

/** `manager`: field manager of what is written without naming one. */
export function createLoopbackTransport(handler: Handler, user: UserInfo, manager = ownManager): Transport {
  return async request => {
    const response = await handler(toApiRequest(request, user, manager))
    return { status: response.status, headers: response.headers, body: chunksOf(response.body) }
  }
}

function toApiRequest(request: TransportRequest, user: UserInfo, manager: string): ApiRequest {
  const { method, path, headers, body } = request
  return {
    method,
    ...parseRequestTarget(path),
    headers: { 'user-agent': manager, ...withLowerCaseNames(headers) },
    body: async () => (typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array())),
    signal: request.signal ?? neverAborted,
    remoteAddress: '',
    cluster: '',
    clusterPath: '',
    user,
    warnings: [],
  }
}

function withLowerCaseNames(headers: TransportRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

async function* pieces(body: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* body
}

function chunksOf(body: ApiResponse['body']): AsyncIterable<Uint8Array> {
  if (typeof body === 'string') return pieces([Buffer.from(body)])
  if (body instanceof Uint8Array) return pieces([body])
  return Symbol.asyncIterator in body ? body : pieces(body)
}
