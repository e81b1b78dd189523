// The smallest HTTPS client that can measure a server on the same two cores: one TLS connection, HTTP/1.1, one request
// after the other, no parsing beyond the end of the answer. Certificates are not checked.
import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import type { Endpoint } from './servers.ts'

export interface Answer {
  readonly status: number
  /** With the chunk marks of HTTP/1.1 where the server sends pieces. */
  readonly body: Buffer
}

export interface RawClient {
  request(method: string, path: string, body?: string, contentType?: string): Promise<Answer>
  close(): void
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = '\r\n0\r\n\r\n'

export async function openRawClient(endpoint: Endpoint): Promise<RawClient> {
  const socket = await openSocket(endpoint)
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined
  let reader = createAnswerReader()
  socket.on('data', (chunk: Buffer) => {
    const answer = reader(chunk)
    if (!answer) return
    reader = createAnswerReader()
    waiting?.resolve(answer)
  })
  socket.on('error', error => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')))
  return {
    request(method, path, body = '', contentType) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(requestText(endpoint, { method, path, body, contentType }))
      })
    },
    close: () => socket.destroy(),
  }
}

/** Takes piece after piece; answers when the last one has come. Pieces of long answers are joined once. */
function createAnswerReader(): (chunk: Buffer) => Answer | undefined {
  const chunks: Buffer[] = []
  let bytes = 0
  let tail = ''
  let head = ''
  let bodyStart = 0
  return chunk => {
    chunks.push(chunk)
    bytes += chunk.length
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - lastChunk.length))).slice(-lastChunk.length)
    if (head === '') {
      const whole = Buffer.concat(chunks)
      const end = whole.indexOf(headEnd)
      if (end < 0) return undefined
      head = whole.toString('latin1', 0, end)
      bodyStart = end + headEnd.length
    }
    const length = /content-length: (\d+)/i.exec(head)?.[1]
    const isWhole = length === undefined ? tail === lastChunk : bytes >= bodyStart + Number(length)
    if (!isWhole) return undefined
    return { status: Number(head.slice(9, 12)), body: Buffer.concat(chunks).subarray(bodyStart) }
  }
}

async function openSocket({ port }: Endpoint): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
  await once(socket, 'secureConnect')
  socket.setNoDelay(true)
  return socket
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly contentType?: string | undefined
}

function requestText({ token }: Endpoint, call: Call): string {
  const length = Buffer.byteLength(call.body)
  const type = call.contentType ?? (call.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
  const head = `${call.method} ${call.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\nuser-agent: bench/1`
  return `${head}\r\naccept: application/json\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${call.body}`
}

/** A watch: hands over text as it comes, until the signal fires. Resolves when it has begun. */
export async function openRawWatch(
  endpoint: Endpoint,
  watch: { path: string; signal: AbortSignal; onText(text: string): void },
): Promise<void> {
  const socket = await openSocket(endpoint)
  watch.signal.addEventListener('abort', () => socket.destroy())
  socket.on('error', error => {
    if (!watch.signal.aborted) throw error
  })
  socket.write(requestText(endpoint, { method: 'GET', path: watch.path, body: '' }))
  const [head]: Buffer[] = await once(socket, 'data')
  const text = head?.toString('latin1') ?? ''
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`watch of ${watch.path}: ${text}`)
  watch.onText(text)
  socket.on('data', (chunk: Buffer) => watch.onText(chunk.toString('latin1')))
}
