// Discovery and OpenAPI as documents over HTTP: forms, ETags, 304, URLs that name their content.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startTestServer } from '../harness/api-server.ts'
import { configMaps, widgets } from '../harness/resource-types.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const cluster = '/clusters/root'

const documents: [path: string, accept: string][] = [
  ['/api', 'application/json'],
  ['/apis', 'application/json'],
  ['/apis/example.io', 'application/json'],
  ['/apis/example.io/v1', ''],
  ['/api', aggregated],
  ['/apis', aggregated],
  ['/openapi/v3', ''],
  ['/openapi/v3/apis/example.io/v1', 'application/json'],
  ['/openapi/v2', 'application/json'],
  ['/openapi/v2', 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'],
]

describe('a document', () => {
  const server = startTestServer()
  for (const [path, accept] of documents) {
    test(`${path} (${accept}) is known again`, async () => {
      const get = (headers: Record<string, string>) =>
        server.send('GET', cluster + path, { headers: { accept, ...headers } })
      const first = await get({})
      const etag = String(first.headers.etag)
      assert.equal(first.status, 200)
      assert.match(etag, /^"[0-9A-F]{128}"$/)
      assert.match(String(first.headers.vary), /Accept/)
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`]) {
        const again = await get({ 'if-none-match': known })
        assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', etag])
      }
      assert.equal((await get({ 'if-none-match': '"x"' })).status, 200)
    })
  }
})

test('the forms of discovery differ in ETag, and other forms are refused', async () => {
  const server = startTestServer()
  const get = (path: string, accept: string) => server.send('GET', cluster + path, { headers: { accept } })
  const [legacy, modern] = [
    await get('/apis', 'application/json'),
    await get('/apis', `${aggregated},application/json`),
  ]
  assert.notEqual(legacy.headers.etag, modern.headers.etag)
  assert.deepEqual([modern.headers['content-type'], modern.headers['cache-control']], [aggregated, 'public'])
  assert.match((await get('/apis', 'application/yaml')).text, /^apiVersion: v1\ngroups:\n- name: /)
  for (const [path, accept] of [
    ['/apis', 'text/plain'],
    ['/api/v1', aggregated],
    ['/openapi/v2', 'text/plain'],
  ] as const) {
    assert.equal((await get(path, accept)).status, 406, path)
  }
})

test('a URL with the hash of a document is for ever, one with another hash leads there', async () => {
  const server = startTestServer()
  const path = `${cluster}/openapi/v3/apis/example.io/v1`
  const indexOf = async () => {
    const { text } = await server.send('GET', `${cluster}/openapi/v3`)
    const index: { paths: Record<string, { serverRelativeURL: string }> } = JSON.parse(text)
    return (name: string) => index.paths[name]?.serverRelativeURL ?? ''
  }
  const before = await indexOf()
  const url = before('apis/example.io/v1')
  const named = await server.send('GET', url)
  assert.deepEqual([named.status, named.headers['cache-control']], [200, 'public, immutable, max-age=31536000'])
  assert.equal((await server.send('GET', path)).headers['cache-control'], 'no-cache, private')
  const moved = await server.send('GET', `${path}?hash=ABC`)
  assert.deepEqual([moved.status, moved.headers.location], [301, url])
  server.setTypes([configMaps, { ...widgets, verbs: ['get'] }])
  const after = await indexOf()
  assert.notEqual(after('apis/example.io/v1'), url)
  assert.equal(after('api/v1'), before('api/v1'))
})
