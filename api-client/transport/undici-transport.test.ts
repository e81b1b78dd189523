import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { readText } from '../resources/response.ts'
import { connectServer } from './undici-transport.ts'

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

test('a request goes out and its answer comes back', async () => {
  await using server = await serve((request, response) => {
    response.setHeader('X-Seen', `${request.method} ${request.url} ${request.headers.accept}`)
    response.end('hello')
  })
  await using connection = connectServer(server.origin)
  const response = await connection.transport({ method: 'GET', path: '/a?b=c', headers: { accept: 'text/plain' } })
  assert.equal(response.headers['x-seen'], 'GET /a?b=c text/plain')
  assert.equal(await readText(response), 'hello')
})

test('an aborted watch closes its connection', async () => {
  const closed = Promise.withResolvers<void>()
  await using server = await serve((_request, response) => {
    response.on('close', () => closed.resolve())
    response.write('first')
  })
  await using connection = connectServer(server.origin)
  const abort = new AbortController()
  const request = { method: 'GET', path: '/pods?watch=true', headers: {}, signal: abort.signal } as const
  const response = await connection.transport(request)
  await assert.rejects(
    async () => {
      for await (const chunk of response.body) if (chunk.length > 0) abort.abort()
    },
    { name: 'AbortError' },
  )
  await closed.promise
})

test('a refused connection names the server', async () => {
  const gone = await serve(() => undefined)
  await gone[Symbol.asyncDispose]()
  await using connection = connectServer(gone.origin)
  const host = gone.origin.slice('http://'.length)
  await assert.rejects(connection.transport({ method: 'GET', path: '/', headers: {} }), {
    name: 'ConnectionError',
    code: 'ECONNREFUSED',
    message: `The connection to the server ${host} was refused - did you specify the right host or port?`,
  })
})
