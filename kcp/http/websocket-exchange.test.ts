import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { forbidden } from '../../api/status-error.ts'
import { ensureServingCertificate, type ServingCertificate } from '../bootstrap/certificates.ts'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { startListener } from './listener.ts'
import { silentLog } from './log.ts'
import { jsonResponse } from './responses.ts'

let directory = ''
let certificate: ServingCertificate

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'websocket-'))
  certificate = await ensureServingCertificate({ directory, names: [], now: () => new Date() })
})
after(() => rm(directory, { recursive: true, force: true }))

function start(handler: Handler) {
  const secure = { key: certificate.privateKey, cert: certificate.certificateChain }
  return startListener({ handler, secure, host: '127.0.0.1', port: 0, log: silentLog })
}

function open(port: number, path: string, protocols: string[] = []): WebSocket {
  return new WebSocket(`wss://127.0.0.1:${port}${path}`, protocols, { ca: certificate.authority })
}

async function* events(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"type":"ADDED","n":1}\n{"type":"ADDED","n":2}\n')
  yield Buffer.from('{"type":"MODIFIED","n":3}\n')
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
}

const watch = async ({ signal }: ApiRequest): Promise<ApiResponse> => ({
  status: 200,
  headers: {},
  body: events(signal),
})

test('a watch sends one frame per event, and ends with the client', async () => {
  const gone = Promise.withResolvers<void>()
  await using listener = await start(async request => {
    request.signal.addEventListener('abort', () => gone.resolve())
    return watch(request)
  })
  const socket = open(listener.port, '/api/v1/namespaces?watch=true')
  const frames: string[] = []
  await new Promise<void>(resolve => {
    socket.on('message', data => {
      frames.push(String(data))
      if (frames.length === 3) resolve()
    })
  })
  assert.deepEqual(frames, ['{"type":"ADDED","n":1}', '{"type":"ADDED","n":2}', '{"type":"MODIFIED","n":3}'])
  socket.close()
  await gone.promise
})

test('stopping the server ends the watch', async () => {
  const listener = await start(watch)
  const socket = open(listener.port, '/api/v1/namespaces?watch=1')
  await once(socket, 'message')
  const closed = once(socket, 'close')
  await listener[Symbol.asyncDispose]()
  await closed
})

test('the token may come as a protocol, and is not sent back', async () => {
  const authorization = Promise.withResolvers<string | undefined>()
  await using listener = await start(async request => {
    authorization.resolve(request.headers.authorization)
    return watch(request)
  })
  const token = Buffer.from('s3cret').toString('base64url')
  const socket = open(listener.port, '/watch?watch=1', [`base64url.bearer.authorization.k8s.io.${token}`, 'v1'])
  await once(socket, 'open')
  assert.equal(await authorization.promise, 'Bearer s3cret')
  assert.equal(socket.protocol, 'v1')
  socket.close()
})

test('a refused watch is a plain answer', async () => {
  await using listener = await start(async () => {
    throw forbidden({ group: '', resource: 'pods' }, '', 'no')
  })
  assert.deepEqual(await refusal(open(listener.port, '/api/v1/pods?watch=1')), { status: 403, reason: 'Forbidden' })
})

test('what is no watch is answered as without the upgrade', async () => {
  await using listener = await start(async ({ path }) => jsonResponse(200, { reason: path }))
  assert.deepEqual(await refusal(open(listener.port, '/version')), { status: 200, reason: '/version' })
})

async function refusal(socket: WebSocket): Promise<{ status: number | undefined; reason: string }> {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode, reason: (JSON.parse(text) as { reason: string }).reason }
}
