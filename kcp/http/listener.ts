// One TLS port for HTTP/2 and HTTP/1.1: turns bytes into ApiRequests and answers back into bytes. Many watches share
// one HTTP/2 connection. Leaves out: everything that knows what a request means.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Handler } from './exchange.ts'
import { serveHttp1 } from './http1-exchange.ts'
import { headerListBytesMax } from './http2/header-decoder.ts'
import { createHttpDate } from './http2/http-date.ts'
import { Session } from './http2/session.ts'
import { serveHttp2 } from './http2-exchange.ts'
import type { HttpLog } from './log.ts'
import { peerOf } from './peer.ts'
import { serveUpgrade } from './websocket-exchange.ts'

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
  readonly now?: () => Date
}

export interface Listener extends AsyncDisposable {
  readonly port: number
  /** New connections see the new certificate. */
  replaceSecureMaterial(secure: SecureMaterial): void
}

const stopMsMax = 4000
const keepAliveMs = 120_000

export async function startListener(options: ListenerOptions): Promise<Listener> {
  const connections = createConnections(options)
  const protocols = { ALPNProtocols: ['h2', 'http/1.1'], noDelay: true }
  const server = createTlsServer({ ...tlsOptions(options.secure), ...protocols }, connections.serve)
  server.on('tlsClientError', error => options.log.debug({ err: error }, 'TLS handshake failed'))
  // Also those that never finish their handshake.
  const unsecured = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    unsecured.add(socket)
    socket.once('close', () => unsecured.delete(socket))
  })
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
      connections.finish()
      const deadline = setTimeout(() => {
        for (const socket of unsecured) socket.destroy()
      }, stopMsMax)
      await closed
      clearTimeout(deadline)
    },
  }
}

interface Connections {
  serve(socket: TLSSocket): void
  /** Ends watches, lets other requests finish, and closes connections without any. */
  finish(): void
}

function createConnections({ handler, log, now = () => new Date() }: ListenerOptions): Connections {
  const sessions = new Set<Session>()
  const http1Sockets = new Set<TLSSocket>()
  const active = new Set<AbortController>()
  const busy = new Set<Duplex>()
  const exchange = { handler, log, httpDate: createHttpDate(now), active, busy, isStopping: false }
  const http1 = createHttpServer({
    keepAliveTimeout: keepAliveMs,
    requestTimeout: 0,
    maxHeaderSize: headerListBytesMax,
  })
  http1.on('request', (request, response) => serveHttp1(exchange, request, response))
  http1.on('upgrade', (message, socket, head) => serveUpgrade(exchange, { message, socket, head }))

  function serveSession(socket: TLSSocket): void {
    const peer = peerOf(socket)
    const session = new Session(socket, {
      onStream: (stream, request, isTooLarge) => serveHttp2(exchange, stream, { ...request, peer, isTooLarge }),
      onFault: error => log.debug({ err: error }, 'HTTP/2 connection failed'),
    })
    sessions.add(session)
    socket.once('close', () => sessions.delete(session))
  }

  return {
    serve(socket) {
      socket.on('error', error => log.debug({ err: error }, 'connection failed'))
      if (socket.alpnProtocol === 'h2') {
        serveSession(socket)
        return
      }
      http1Sockets.add(socket)
      socket.once('close', () => http1Sockets.delete(socket))
      http1.emit('connection', socket)
    },
    finish() {
      exchange.isStopping = true
      for (const request of active) request.abort()
      for (const session of sessions) session.close()
      for (const socket of http1Sockets) if (!busy.has(socket)) socket.destroy()
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
