import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type ClientHttp2Session, connect } from 'node:http2'
import { Agent, request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ensureServingCertificate, type ServingCertificate } from '../bootstrap/certificates.ts'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { type Listener, startListener } from './listener.ts'
import { silentLog } from './log.ts'
import { bodyBytesLimit } from './request-body.ts'
import { jsonResponse } from './responses.ts'

let directory = ''
let certificate: ServingCertificate

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'listener-'))
  certificate = await ensureServingCertificate({ directory, names: [], now: () => new Date() })
})
after(() => rm(directory, { recursive: true, force: true }))

function start(handler: Handler): Promise<Listener> {
  const secure = { key: certificate.privateKey, cert: certificate.certificateChain }
  return startListener({ handler, secure, host: '127.0.0.1', port: 0, log: silentLog })
}

interface Answer {
  status: number
  text: string
}

function sendHttp2(session: ClientHttp2Session, path: string, body?: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body ? 'POST' : 'GET'
    const stream = session.request({ ':path': path, ':method': method }, { endStream: !body })
    const answer = { status: 0, text: '' }
    stream.on('response', headers => {
      answer.status = Number(headers[':status'])
    })
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      answer.text += chunk
    })
    stream.on('end', () => resolve(answer))
    stream.on('error', reject)
    if (body) stream.end(body)
  })
}

function sendHttp1(port: number, path: string, agent: Agent, onResponse?: () => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest({ port, path, host: '127.0.0.1', agent, ca: certificate.authority }, response => {
      onResponse?.()
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

const echo = async (request: ApiRequest): Promise<ApiResponse> => {
  const body = Buffer.from(await request.body()).toString()
  return jsonResponse(200, { method: request.method, path: request.path, q: request.query.get('q'), body })
}

async function* lines(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first\n')
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
  yield Buffer.from('last\n')
}

describe('one port', () => {
  test('serves HTTP/2 with bodies and queries', async () => {
    await using listener = await start(echo)
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    const answer = await sendHttp2(session, '/a%20b//c?q=x%3Dy', Buffer.from('hello'))
    assert.deepEqual(JSON.parse(answer.text), { method: 'POST', path: '/a b/c', q: 'x=y', body: 'hello' })
    session.close()
  })

  test('serves HTTP/1.1 on kept connections', async () => {
    await using listener = await start(echo)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (const path of ['/one', '/two']) {
      const answer = await sendHttp1(listener.port, path, agent)
      assert.deepEqual(JSON.parse(answer.text), { method: 'GET', path, q: null, body: '' })
    }
    agent.destroy()
  })

  test('takes URLs with long selectors, over both protocols', async () => {
    await using listener = await start(echo)
    const path = `/x?q=${'z'.repeat(40_000)}`
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    assert.equal((await sendHttp2(session, path)).status, 200)
    session.close()
    const agent = new Agent({ keepAlive: false })
    assert.equal((await sendHttp1(listener.port, path, agent)).status, 200)
  })

  test('tells how long a whole answer is, and not where there is none', async () => {
    await using listener = await start(async ({ path }) => ({ status: Number(path.slice(1)), headers: {}, body: '' }))
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    for (const [status, length] of [
      [200, '0'],
      [304, undefined],
    ] as const) {
      const stream = session.request({ ':path': `/${status}` })
      const [headers] = await once(stream, 'response')
      assert.deepEqual([headers[':status'], headers['content-length']], [status, length])
      const agent = new Agent()
      const sent = httpsRequest({ port: listener.port, path: `/${status}`, agent, ca: certificate.authority }).end()
      const [response] = await once(sent, 'response')
      assert.equal(response.headers['content-length'], length)
      response.resume()
      agent.destroy()
    }
    session.close()
  })

  test('refuses a body above the limit and stays usable', async () => {
    await using listener = await start(echo)
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    const answer = await sendHttp2(session, '/', new Uint8Array(bodyBytesLimit + 1))
    assert.equal(answer.status, 413)
    assert.equal(JSON.parse(answer.text).message, `Request entity too large: limit is ${bodyBytesLimit}`)
    assert.equal((await sendHttp2(session, '/')).status, 200)
    session.close()
  })

  test('carries a thousand streams on one connection, and stopping ends them', async () => {
    let open = 0
    const allOpen = Promise.withResolvers<void>()
    const listener = await start(async request => {
      open++
      if (open === 1000) allOpen.resolve()
      return { status: 200, headers: {}, body: lines(request.signal) }
    })
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    const answers = Array.from({ length: 1000 }, () => sendHttp2(session, '/watch'))
    await allOpen.promise
    await listener[Symbol.asyncDispose]()
    for (const answer of await Promise.all(answers)) assert.equal(answer.text, 'first\nlast\n')
  })

  test('stops although HTTP/1.1 connections are kept, idle ones and busy ones', async () => {
    const listener = await start(async request =>
      request.path === '/watch' ? { status: 200, headers: {}, body: lines(request.signal) } : echo(request),
    )
    const agent = new Agent({ keepAlive: true })
    await sendHttp1(listener.port, '/', agent)
    const opened = Promise.withResolvers<void>()
    const watch = sendHttp1(listener.port, '/watch', agent, opened.resolve)
    await opened.promise
    const idle = new Agent({ keepAlive: true })
    await sendHttp1(listener.port, '/', idle)
    await listener[Symbol.asyncDispose]()
    assert.equal((await watch).text, 'first\nlast\n')
    agent.destroy()
    idle.destroy()
  })

  test('tells the handler when a client goes away', async () => {
    const gone = Promise.withResolvers<void>()
    const opened = Promise.withResolvers<void>()
    await using listener = await start(async request => {
      request.signal.addEventListener('abort', () => gone.resolve())
      opened.resolve()
      return { status: 200, headers: {}, body: lines(request.signal) }
    })
    const session = connect(`https://127.0.0.1:${listener.port}`, { ca: certificate.authority })
    const stream = session.request({ ':path': '/watch' })
    await opened.promise
    stream.close()
    await gone.promise
    session.close()
  })
})
