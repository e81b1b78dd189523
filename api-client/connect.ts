// From a ClientConfig to a client that talks: connection, credentials, retry, rate, user agent, in this order.
import type { Client } from './client.ts'
import { type Clock, systemClock } from './clock.ts'
import { pluginCredentials } from './kubeconfig/plugin-credentials.ts'
import type { ClientConfig } from './kubeconfig/resolve.ts'
import { createClient } from './resources/rest-client.ts'
import type { Transport } from './transport/transport.ts'
import { type ConnectServer, connectServer, type ServerConnection } from './transport/undici-transport.ts'
import { type RequestTrace, withDebug } from './transport/with-debug.ts'
import { withHeaders } from './transport/with-headers.ts'
import { type RateLimit, withRateLimit } from './transport/with-rate-limit.ts'
import { withRetry } from './transport/with-retry.ts'
import { fixedToken, tokenOfFile, withToken } from './transport/with-token.ts'
import { withUserAgent } from './transport/with-user-agent.ts'

export interface ConnectOptions {
  readonly userAgent: string
  readonly rateLimit?: RateLimit
  readonly clock?: Clock
  readonly trace?: (entry: RequestTrace) => void
  readonly connectionsLimit?: number
  /** Instead of HTTP, for simulations. */
  readonly connectServer?: ConnectServer
}

export interface ClientConnection {
  readonly client: Client
  readonly transport: Transport
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens nothing before the first request. */
export function connectClient(config: ClientConfig, options: ConnectOptions): ClientConnection {
  const { clock = systemClock } = options
  const url = new URL(config.server)
  const basePath = url.pathname === '/' ? '' : url.pathname.replace(/\/+$/, '')
  const opened = openOnce(config, { origin: url.origin, clock, options })
  let transport: Transport = request => opened.transport(request)
  if (options.trace) transport = withDebug(transport, clock, options.trace)
  if (options.rateLimit) transport = withRateLimit(transport, options.rateLimit, clock)
  transport = withUserAgent(withRetry(transport, clock), options.userAgent)
  return {
    client: createClient(transport, { basePath }),
    transport,
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  }
}

interface Opening {
  readonly origin: string
  readonly clock: Clock
  readonly options: ConnectOptions
}

/** Credentials of plugins are known only after they ran, so the connection is made with the first request. */
function openOnce(config: ClientConfig, opening: Opening): ServerConnection {
  let opened: Promise<ServerConnection> | undefined
  const open = () => {
    opened ??= authenticated(config, opening).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    transport: async request => (await open()).transport(request),
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]()
    },
  }
}

async function authenticated(config: ClientConfig, opening: Opening): Promise<ServerConnection> {
  const { credentials } = config
  const plugin = credentials.type === 'plugin' ? await pluginCredentials(credentials, opening.clock) : undefined
  const { connectionsLimit, connectServer: connect = connectServer } = opening.options
  const connection = connect(opening.origin, {
    tls: { ...config.tls, ...plugin?.tls },
    ...(connectionsLimit === undefined ? {} : { connectionsLimit }),
  })
  const token = plugin?.token ?? tokenSourceOf(config, opening.clock)
  let transport = connection.transport
  if (token) transport = withToken(transport, token)
  if (credentials.type === 'basic') {
    const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
    transport = withHeaders(transport, { authorization: `Basic ${pair}` })
  }
  return { ...connection, transport }
}

function tokenSourceOf(config: ClientConfig, clock: Clock) {
  const { credentials } = config
  if (credentials.type === 'token') return fixedToken(credentials.token)
  if (credentials.type === 'token-file') return tokenOfFile(credentials.path, clock)
  return undefined
}
