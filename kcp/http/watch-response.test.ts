import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from '../../test/harness/api-server.ts'
import { createMemoryStore } from '../storage/memory-store.ts'

const path = '/clusters/root/api/v1/namespaces/default/configmaps'

test('a quiet watch gets a bookmark every minute and one before its end', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const store = createMemoryStore()
  const server = startTestServer({ store })
  const watch = await server.watch(`${path}?watch=true&resourceVersion=0&allowWatchBookmarks=true&timeoutSeconds=90`)
  await store.create('/registry/core/configmaps/root/default/a', Buffer.from('{"metadata":{"name":"a"}}'))
  assert.equal((await watch.next())?.type, 'ADDED')
  await store.create('/registry/core/secrets/root/default/a', Buffer.from('{}'))
  const bookmark = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: '2' } }
  const first = watch.next()
  t.mock.timers.tick(60_000)
  assert.deepEqual(await first, { type: 'BOOKMARK', object: bookmark })
  const last = watch.next()
  t.mock.timers.tick(28_000)
  assert.deepEqual(await last, { type: 'BOOKMARK', object: bookmark })
  const end = watch.next()
  t.mock.timers.tick(2_000)
  assert.equal(await end, undefined)
})

test('watchers of one event share its bytes', async () => {
  const server = startTestServer()
  const bodies = await Promise.all(
    [1, 2].map(async () => {
      const { body } = await server.handler({
        method: 'GET',
        path,
        query: new URLSearchParams('watch=true'),
        headers: {},
        body: async () => new Uint8Array(),
        signal: AbortSignal.timeout(10_000),
        remoteAddress: '',
        cluster: '',
        clusterPath: '',
        warnings: [],
      })
      return body as AsyncIterable<Uint8Array>
    }),
  )
  const firsts = bodies.map(body => body[Symbol.asyncIterator]().next())
  await server.send('POST', path, { body: { metadata: { name: 'a' } } })
  const [one, two] = await Promise.all(firsts)
  assert.ok(one?.value)
  assert.equal(one.value, two?.value)
})
