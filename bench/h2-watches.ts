// Many watches over few HTTP/2 connections, as clients in Go have them: a client that reads frames and parses nothing of
// them, so that what is measured is the server. Certificates are not checked.
import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import type { Endpoint } from './servers.ts'

export interface Watches {
  /** All of the session's streams have answered. */
  readonly begun: Promise<void>
  close(): void
}

export interface WatchesOptions {
  readonly path: string
  readonly streams: number
  /** A piece of a stream's body: a view that is valid during the call only. */
  onData(piece: Buffer): void
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const frame = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 }
const flag = { ack: 1, endStream: 1, endHeaders: 4 }
const headBytes = 9
/** Windows as large as they can be: nothing is ever acknowledged. */
const windowMax = 2 ** 31 - 1
const windowAtFirst = 65_535
const initialWindowSetting = 4

export async function openWatches(endpoint: Endpoint, options: WatchesOptions): Promise<Watches> {
  const socket = connect({ host: '127.0.0.1', port: endpoint.port, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  await once(socket, 'secureConnect')
  socket.setNoDelay(true)
  const begun = Promise.withResolvers<void>()
  let answered = 0
  readFrames(socket, ({ type, flags, payload }) => {
    if (type === frame.data) options.onData(payload)
    else if (type === frame.headers && ++answered === options.streams) begun.resolve()
    else if (type === frame.settings && (flags & flag.ack) === 0) socket.write(frameOf(frame.settings, flag.ack, 0))
    else if (type === frame.ping && (flags & flag.ack) === 0) socket.write(frameOf(frame.ping, flag.ack, 0, payload))
    else if (type === frame.rstStream || type === frame.goAway) begun.reject(new Error('the server ended a watch'))
  })
  socket.on('error', begun.reject)
  const request = requestHeaders(endpoint, options.path)
  socket.write(
    Buffer.concat([
      preface,
      frameOf(frame.settings, 0, 0, settings([[initialWindowSetting, windowMax]])),
      frameOf(frame.windowUpdate, 0, 0, uint32(windowMax - windowAtFirst)),
      ...Array.from({ length: options.streams }, (_, i) =>
        frameOf(frame.headers, flag.endHeaders | flag.endStream, 2 * i + 1, request),
      ),
    ]),
  )
  return { begun: begun.promise, close: () => socket.destroy() }
}

interface Frame {
  readonly type: number
  readonly flags: number
  readonly payload: Buffer
}

function readFrames(socket: TLSSocket, onFrame: (frame: Frame) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (bytes.length - at >= headBytes) {
      const end = at + headBytes + bytes.readUIntBE(at, 3)
      if (end > bytes.length) break
      onFrame({ type: bytes[at + 3] ?? 0, flags: bytes[at + 4] ?? 0, payload: bytes.subarray(at + headBytes, end) })
      at = end
    }
    rest = bytes.subarray(at)
  })
}

function frameOf(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

function settings(pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  return Buffer.concat(pairs.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), uint32(value)])))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Each header as a literal that nobody remembers: the simplest of HPACK's forms. */
function requestHeaders({ token }: Endpoint, path: string): Buffer {
  const headers = {
    ':method': 'GET',
    ':scheme': 'https',
    ':authority': '127.0.0.1',
    ':path': path,
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'user-agent': 'bench/1',
  }
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), textOf(name), textOf(value)]),
  )
}

const prefixMax = 127

/** A length in HPACK's integers of seven bits, then the text. */
function textOf(text: string): Buffer {
  const length = text.length < prefixMax ? [text.length] : [prefixMax, text.length - prefixMax]
  return Buffer.concat([Buffer.from(length), Buffer.from(text, 'latin1')])
}
