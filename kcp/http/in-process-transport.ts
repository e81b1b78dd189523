// Calls the handler of our own server as if over the network, for controllers and virtual workspaces in this process.
// They are known callers: the user is given here, not found out. Leaves out: TLS, HTTP and their cost.
import { Buffer } from 'node:buffer'
import type { UserInfo } from '../../api/user.ts'
import type { Transport, TransportRequest } from '../../api-client/transport/transport.ts'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { parseRequestTarget } from './request-target.ts'

export interface InProcessOptions {
  readonly handler: Handler
  readonly user: UserInfo
  /** Fires when the server stops. */
  readonly signal: AbortSignal
}

export function createInProcessTransport(options: InProcessOptions): Transport {
  return async request => {
    const response = await options.handler(apiRequestOf(request, options))
    return { status: response.status, headers: response.headers, body: chunksOf(response.body) }
  }
}

function apiRequestOf(request: TransportRequest, { user, signal }: InProcessOptions): ApiRequest {
  const body = Buffer.from(request.body ?? '')
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    method: request.method,
    ...parseRequestTarget(request.path),
    headers: Object.fromEntries(headers),
    body: async () => body,
    signal: request.signal ? AbortSignal.any([request.signal, signal]) : signal,
    remoteAddress: '127.0.0.1',
    cluster: '',
    clusterPath: '',
    user,
    warnings: [],
  }
}

async function* chunksOf(body: ApiResponse['body']): AsyncIterable<Uint8Array> {
  if (typeof body === 'string') yield Buffer.from(body)
  else if (body instanceof Uint8Array) yield body
  else yield* body
}
