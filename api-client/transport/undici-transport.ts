// HTTP to one server: a kept-alive HTTP/1.1 pool for plain requests, a connection of its own for every watch.
// Undici is loaded with the first request, so that programs which need none start fast. Leaves out: proxies.
import { setMaxListeners } from 'node:events'
import type { Dispatcher, Pool } from 'undici'
import { connectionError } from './connection-error.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

export interface TlsSettings {
  /** PEM. Unset: the system's authorities. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly serverName?: string
  readonly insecureSkipVerify?: boolean
}

export interface ServerConnection {
  readonly transport: Transport
  [Symbol.asyncDispose](): Promise<void>
}

export interface ConnectionOptions {
  readonly tls?: TlsSettings
  readonly connectionsLimit?: number
  /** How long a plain request may take to be answered, and to go on sending. */
  readonly answerTimeoutMs?: number
}

export type ConnectServer = (origin: string, options?: ConnectionOptions) => ServerConnection

const connectionsLimitDefault = 32
const answerTimeoutMsDefault = 60_000
const idleConnectionMs = 30_000
const connectTimeoutMs = 10_000

interface Pools {
  readonly plain: Pool
  readonly watches: Pool
}

/** @param origin scheme, host and port only; a path belongs to the client's basePath. */
export function connectServer(origin: string, options: ConnectionOptions = {}): ServerConnection {
  let opening: Promise<Pools> | undefined
  const pools = () => {
    opening ??= openPools(origin, options)
    return opening
  }
  return {
    async transport(request) {
      const { plain, watches } = await pools()
      return send(isLongRunning(request) ? watches : plain, request, origin)
    },
    async [Symbol.asyncDispose]() {
      if (!opening) return
      const { plain, watches } = await opening
      await Promise.all([plain.destroy(), watches.destroy()])
    },
  }
}

async function openPools(origin: string, options: ConnectionOptions): Promise<Pools> {
  const { Pool } = await import('undici')
  const shared = {
    allowH2: false,
    keepAliveTimeout: idleConnectionMs,
    connect: { timeout: connectTimeoutMs, ...tlsOptions(options.tls ?? {}) },
  }
  const timeoutMs = options.answerTimeoutMs ?? answerTimeoutMsDefault
  const connections = options.connectionsLimit ?? connectionsLimitDefault
  return {
    plain: new Pool(origin, { ...shared, connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
    watches: new Pool(origin, { ...shared, connections: null, headersTimeout: timeoutMs, bodyTimeout: 0 }),
  }
}

function tlsOptions(tls: TlsSettings) {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    ...(tls.insecureSkipVerify ? { rejectUnauthorized: false } : {}),
  }
}

/** Watches and followed logs stay open for minutes and may be silent for as long. */
function isLongRunning(request: TransportRequest): boolean {
  return request.method === 'GET' && /[?&](?:watch|follow)=(?:true|1)(?:&|$)/.test(request.path)
}

async function send(pool: Pool, request: TransportRequest, origin: string): Promise<TransportResponse> {
  // One signal may end any number of requests; Node would warn at the eleventh.
  if (request.signal) setMaxListeners(0, request.signal)
  const options: Dispatcher.RequestOptions = {
    method: request.method,
    path: request.path,
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.signal ? { signal: request.signal } : {}),
  }
  try {
    const { statusCode, headers, body } = await pool.request(options)
    return { status: statusCode, headers: plainHeaders(headers), body: namedFailures(body, origin) }
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw connectionError(error, origin)
  }
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return plain
}

async function* namedFailures(body: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw connectionError(error, origin)
  }
}
