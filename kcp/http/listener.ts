// One TLS port for HTTP/2 and HTTP/1.1: turns bytes into ApiRequests and answers back into bytes. Many watches share
// one HTTP/2 connection. Leaves out: everything that knows what a request means.

import type { IncomingMessage } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import { performServerHandshake, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Handler } from './exchange.ts'
import { serveHttp1 } from './http1-exchange.ts'
import { serveHttp2 } from './http2-exchange.ts'
import type { HttpLog } from './log.ts'
import { peerOf } from './peer.ts'

export interface SecureMaterial {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** Signs client certificates; without it none is trusted. */
  readonly clientCa?: string
}

export interface ListenerOptions {
  readonly handler: Handler
  readonly secure: SecureMaterial
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly log: HttpLog
  /** `Connection: Upgrade` requests (HTTP/1.1 only); refused without this. */
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export interface Listener extends AsyncDisposable {
  readonly port: number
  /** New connections see the new certificate. */
  replaceSecureMaterial(secure: SecureMaterial): void
}

const concurrentStreamsMax = 2000
/** Node's own 10 MB is little for a thousand watches on one connection: it would refuse new streams. */
const sessionMegabytesMax = 256
const sessionOptions = {
  settings: { maxConcurrentStreams: concurrentStreamsMax },
  maxSessionMemory: sessionMegabytesMax,
}
const stopMsMax = 5000
const keepAliveMs = 120_000

export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { handler, log } = options
  const sockets = new Set<TLSSocket>()
  const sessions = new Set<ServerHttp2Session>()
  const active = new Set<AbortController>()
  const exchange = { handler, log, active }
  const http1 = createHttpServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 })
  http1.on('request', (request, response) => serveHttp1(exchange, request, response))
  if (options.onUpgrade) http1.on('upgrade', options.onUpgrade)

  const server = createTlsServer(
    { ...tlsOptions(options.secure), ALPNProtocols: ['h2', 'http/1.1'], noDelay: true },
    socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      socket.on('error', error => log.debug({ err: error }, 'connection failed'))
      if (socket.alpnProtocol !== 'h2') {
        http1.emit('connection', socket)
        return
      }
      const session = performServerHandshake(socket, sessionOptions)
      sessions.add(session)
      session.once('close', () => sessions.delete(session))
      session.on('error', error => log.debug({ err: error }, 'HTTP/2 session failed'))
      const peer = peerOf(socket)
      session.on('stream', (stream, headers) => serveHttp2(exchange, stream, headers, peer))
    },
  )
  server.on('tlsClientError', error => log.debug({ err: error }, 'TLS handshake failed'))
  server.maxConnections = Number.MAX_SAFE_INTEGER
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })

  return {
    port: (server.address() as AddressInfo).port,
    replaceSecureMaterial: secure => server.setSecureContext(tlsOptions(secure)),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const request of active) request.abort()
      for (const session of sessions) session.close()
      http1.closeIdleConnections()
      const deadline = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, stopMsMax)
      await closed
      clearTimeout(deadline)
    },
  }
}

function tlsOptions({ key, cert, clientCa }: SecureMaterial) {
  return {
    key,
    cert,
    minVersion: 'TLSv1.2' as const,
    // A certificate of another authority is as good as none: the request may still carry a token.
    requestCert: clientCa !== undefined,
    rejectUnauthorized: false,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
  }
}
