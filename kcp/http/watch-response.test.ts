import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer, type TestWatch } from '../../test/harness/api-server.ts'
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

test('watchers of other objects, or of other forms, share nothing', async () => {
  const server = startTestServer()
  const namespaced = '/clusters/root/api/v1/namespaces'
  const queries: Record<string, string[]> = {
    [`${namespaced}/default/configmaps?`]: ['a', 'b'],
    [`${namespaced}/default/configmaps?labelSelector=x`]: ['a'],
    [`${namespaced}/default/configmaps?labelSelector=!x`]: ['b'],
    [`${namespaced}/default/configmaps?labelSelector=!x&labelSelector=x`]: ['b'],
    [`${namespaced}/default/configmaps?fieldSelector=metadata.name%3Db`]: ['b'],
    [`${namespaced}/other/configmaps?`]: ['c'],
    '/clusters/root/api/v1/configmaps?': ['a', 'b', 'c'],
    '/clusters/*/api/v1/configmaps?': ['a', 'b', 'c', 'd'],
    '/clusters/*/api/v1/namespaces/other/configmaps?': ['c'],
  }
  const forms: Record<string, string> = {
    'application/json': 'ConfigMap',
    'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io': 'PartialObjectMetadata',
    'application/json;as=Table;v=v1;g=meta.k8s.io': 'Table',
  }
  await server.send('POST', `${namespaced}/default/configmaps`, { body: { metadata: { name: 'before' } } })
  const watches: { readonly names: string[]; readonly kind: string; readonly watch: TestWatch }[] = []
  for (const [target, names] of Object.entries(queries)) {
    for (const [accept, kind] of Object.entries(forms)) {
      for (let i = 0; i < 2; i++) {
        const watch = await server.watch(`${target}&watch=true&resourceVersion=1`, { headers: { accept } })
        watches.push({ names, kind, watch })
      }
    }
  }
  const nexts = watches.map(({ watch }) => watch.next())
  await server.send('POST', `${namespaced}/default/configmaps`, {
    body: { metadata: { name: 'a', labels: { x: '' } } },
  })
  await server.send('POST', `${namespaced}/default/configmaps`, { body: { metadata: { name: 'b' } } })
  await server.send('POST', `${namespaced}/other/configmaps`, { body: { metadata: { name: 'c' } } })
  const elsewhere = '/clusters/elsewhere/api/v1/namespaces/default/configmaps'
  await server.send('POST', elsewhere, { body: { metadata: { name: 'd' } } })
  for (const [i, { names, kind, watch }] of watches.entries()) {
    const seen: unknown[] = []
    for (let next = await nexts[i]; next; ) {
      const rows = (next.object as { rows?: { object: { metadata: { name: string } } }[] }).rows
      seen.push([next.object.kind, rows?.[0]?.object.metadata.name ?? next.object.metadata?.name])
      next = seen.length < names.length ? await watch.next() : undefined
    }
    assert.deepEqual(
      seen,
      names.map(name => [kind, name]),
    )
    watch.stop()
  }
})
