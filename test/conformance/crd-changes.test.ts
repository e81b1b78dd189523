// Objects that were stored before their CRD changed, as a kube-apiserver 1.31 reads, watches and writes them, recorded.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import type { Condition, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { typesOfCrd } from '../../kcp/apis/custom-type.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import { startTestServer, type TestServer } from '../harness/api-server.ts'
import { startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

interface Row {
  readonly title: string
  /** Versions of the CRD, then and now. */
  readonly before: readonly JsonObject[]
  readonly after: readonly JsonObject[]
  /** What is created while it is as before, in which version, and the answer. */
  readonly version: string
  readonly object: JsonObject
  readonly created: JsonObject
  /** By version; a number is the code of a refusal. */
  readonly read: Readonly<Record<string, JsonObject | number>>
  readonly write: { readonly version: string; readonly patch: JsonObject }
  readonly written:
    | { readonly code: 200; readonly generation: number; readonly object: JsonObject }
    | { readonly code: 422; readonly message: string }
  readonly readAfterWrite: Readonly<Record<string, JsonObject | number>>
}

const path = join(import.meta.dirname, '../fixtures/recordings/crd-changes.json')
const rows: Row[] = JSON.parse(readFileSync(path, 'utf8'))

const group = 'ex.io'

function typesWith(versions: readonly JsonObject[]) {
  const names = { plural: 'as', singular: 'a', kind: 'A', listKind: 'AList' }
  return typesOfCrd({ spec: { group, scope: 'Cluster', names, versions: [...versions] } }, '')
}

const pathOf = (version: string) => `/clusters/root/apis/${group}/${version}/as`

/** As JSON: members in any order. */
function contentOf({ apiVersion: _, kind: __, metadata: ___, ...content }: KubeObject): unknown {
  return JSON.parse(JSON.stringify(content))
}

async function readAll(server: TestServer, want: Row['read']): Promise<void> {
  for (const [version, expected] of Object.entries(want)) {
    const { status, json } = await server.send('GET', `${pathOf(version)}/a`)
    assert.deepEqual(status === 200 ? contentOf(json) : status, expected, `read in ${version}`)
    if (status !== 200) continue
    const list = await server.send('GET', pathOf(version))
    assert.deepEqual(list.json.items.map(contentOf), [expected], `listed in ${version}`)
    const watch = await server.watch(`${pathOf(version)}?watch=true`)
    const event = await watch.next()
    watch.stop()
    assert.ok(event)
    assert.deepEqual([event.type, contentOf(event.object)], ['ADDED', expected], `watched in ${version}`)
    assert.deepEqual(event.object.metadata, json.metadata)
  }
}

describe('what was stored before its CRD changed', () => {
  for (const row of rows) {
    test(row.title, async () => {
      const server = startTestServer({ types: typesWith(row.before) })
      const body = { ...row.object, apiVersion: `${group}/${row.version}`, kind: 'A', metadata: { name: 'a' } }
      const created = await server.send('POST', pathOf(row.version), { body })
      assert.deepEqual([created.status, contentOf(created.json)], [201, row.created])
      server.setTypes(typesWith(row.after))
      await readAll(server, row.read)

      const { patch, version } = row.write
      const headers = { 'content-type': 'application/merge-patch+json' }
      const written = await server.send('PATCH', `${pathOf(version)}/a`, { body: patch, headers })
      const { status, json } = written
      assert.equal(status, row.written.code)
      if (row.written.code === 422) assert.equal(json.message, row.written.message)
      else assert.deepEqual([json.metadata.generation, contentOf(json)], [row.written.generation, row.written.object])
      await readAll(server, row.readAfterWrite)
    })
  }
})

const textField = { type: 'string' }
const versionWith = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } },
  ...more,
})
const plain = versionWith({ a: textField, gone: textField })
const changed = versionWith(
  { a: textField, d: { type: 'string', default: 'later' } },
  {
    selectableFields: [{ jsonPath: '.spec.d' }],
    additionalPrinterColumns: [{ name: 'D', type: 'string', jsonPath: '.spec.d' }],
  },
)
const objectWith = (name: string, spec: JsonObject) => ({ apiVersion: 'ex.io/v1', kind: 'A', metadata: { name }, spec })

async function startChanged(): Promise<TestServer> {
  const server = startTestServer({ types: typesWith([plain]) })
  await server.send('POST', pathOf('v1'), { body: objectWith('a', { a: '1', gone: '2' }) })
  server.setTypes(typesWith([changed]))
  return server
}

test('a write that changes nothing persists the new form, once, and owners and generation stay', async () => {
  const server = await startChanged()
  const { json: read } = await server.send('GET', `${pathOf('v1')}/a`)
  const watch = await server.watch(`${pathOf('v1')}?watch=true&resourceVersion=${read.metadata.resourceVersion}`)
  const { json: first } = await server.send('PUT', `${pathOf('v1')}/a`, { body: read })
  assert.notEqual(first.metadata.resourceVersion, read.metadata.resourceVersion)
  assert.deepEqual({ ...first.metadata, resourceVersion: '' }, { ...read.metadata, resourceVersion: '' })
  assert.deepEqual(contentOf(first), { spec: { a: '1', d: 'later' } })
  const event = await watch.next()
  assert.deepEqual([event?.type, event?.object.metadata.resourceVersion], ['MODIFIED', first.metadata.resourceVersion])
  watch.stop()
  const { json: second } = await server.send('PUT', `${pathOf('v1')}/a`, { body: first })
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion)
})

test('fields to select by, columns and deletions show what is read', async () => {
  const server = await startChanged()
  const namesBy = async (selector: string) => {
    const query = `fieldSelector=${encodeURIComponent(selector)}`
    const { json } = await server.send('GET', `${pathOf('v1')}?${query}`)
    return json.items.map(({ metadata }) => metadata.name)
  }
  assert.deepEqual([await namesBy('spec.d=later'), await namesBy('spec.d!=later')], [['a'], []])
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
  const { text } = await server.send('GET', pathOf('v1'), { headers })
  assert.match(text, /"cells":\["a","later"\]/)
  const watch = await server.watch(`${pathOf('v1')}?watch=true&fieldSelector=${encodeURIComponent('spec.d=later')}`)
  assert.equal((await watch.next())?.type, 'ADDED')
  await server.send('DELETE', `${pathOf('v1')}/a`)
  const event = await watch.next()
  watch.stop()
  assert.ok(event)
  assert.deepEqual([event.type, contentOf(event.object)], ['DELETED', { spec: { a: '1', d: 'later' } }])
})

test('a watch ends when its type becomes another one, not when its CRD is only written again', async () => {
  const server = startTestServer({ types: typesWith([plain]) })
  const watch = await server.watch(`${pathOf('v1')}?watch=true`)
  server.setTypes(typesWith([plain]))
  await server.send('POST', pathOf('v1'), { body: objectWith('b', {}) })
  assert.equal((await watch.next())?.type, 'ADDED')
  server.setTypes(typesWith([{ ...plain, additionalPrinterColumns: [] }]))
  assert.equal(await watch.next(), undefined)
})

test('a stored version that the CRD no longer has is read like the one that is stored now', async () => {
  const server = startTestServer({ types: typesWith([plain]) })
  await server.send('POST', pathOf('v1'), { body: objectWith('a', { a: '1', gone: '2' }) })
  server.setTypes(typesWith([{ ...changed, name: 'v2' }]))
  const { json } = await server.send('GET', `${pathOf('v2')}/a`)
  assert.deepEqual([json.apiVersion, contentOf(json)], ['ex.io/v2', { spec: { a: '1', d: 'later' } }])
  assert.equal((await server.send('DELETE', `${pathOf('v2')}/a`)).status, 200)
})

const gvr = (resource: string, version = 'v1', from = group) => ({ group: from, version, resource })
const things = gvr('as')
const names = { plural: 'as', singular: 'a', kind: 'A', listKind: 'AList' }

type Conditioned = KubeObject & { status?: { phase?: string; conditions?: Condition[] } }

async function createDefinition(client: Client, version: JsonObject): Promise<void> {
  const crds = gvr('customresourcedefinitions', 'v1', 'apiextensions.k8s.io')
  const spec = { group, names, scope: 'Cluster', versions: [version] }
  const head = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
  await client.create(crds, { ...head, metadata: { name: 'as.ex.io' }, spec })
  await until<Conditioned>(
    client,
    { gvr: crds, name: 'as.ex.io' },
    crd => crd?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false,
  )
}

test('in a workspace: read anew, watched from before it is 410, also after a restart it is read so', async () => {
  const store = createMemoryStore()
  {
    await using controlPlane = await startControlPlane({ store })
    const root = controlPlane.client().cluster('root')
    await createDefinition(root, plain)
    await controlPlane.settled()
    await root.create(things, objectWith('a', { a: '1', gone: '2' }))
    const { resourceVersion } = (await root.list(things)).metadata
    const crds = gvr('customresourcedefinitions', 'v1', 'apiextensions.k8s.io')
    await root.patch(crds, { name: 'as.ex.io' }, { type: 'merge', body: { spec: { versions: [changed] } } })
    await controlPlane.settled()
    assert.deepEqual((await root.get(things, { name: 'a' })).spec, { a: '1', d: 'later' })
    const watch = root.watch(things, { resourceVersion, signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]()
    await assert.rejects(watch.next(), { code: 410, message: /^too old resource version: \d+ \(\d+\)$/ })
  }
  await using controlPlane = await startControlPlane({ store })
  const root = controlPlane.client().cluster('root')
  assert.deepEqual((await root.get(things, { name: 'a' })).spec, { a: '1', d: 'later' })
})

test('a CRD that is deleted and made again has no objects, and no history', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  await createDefinition(root, plain)
  await controlPlane.settled()
  await root.create(things, objectWith('a', { a: '1', gone: '2' }))
  const { resourceVersion } = (await root.list(things)).metadata
  const crds = gvr('customresourcedefinitions', 'v1', 'apiextensions.k8s.io')
  await root.delete(crds, { name: 'as.ex.io' })
  await until(root, { gvr: crds, name: 'as.ex.io' }, crd => crd === undefined)
  await createDefinition(root, changed)
  await controlPlane.settled()
  assert.deepEqual((await root.list(things)).items, [])
  const watch = root.watch(things, { resourceVersion, signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]()
  await assert.rejects(watch.next(), { code: 410 })
  assert.deepEqual((await root.create(things, objectWith('a', {}))).spec, { d: 'later' })
})

test('a bound type follows the schema of its export', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  const kcp = (resource: string) => gvr(resource, 'v1alpha1', 'apis.kcp.io')
  const make = (kind: string, name: string, spec: JsonObject) =>
    root.create(kcp(`${kind.toLowerCase()}s`), {
      apiVersion: 'apis.kcp.io/v1alpha1',
      kind,
      metadata: { name },
      spec,
    })
  const schemaOf = (prefix: string, version: JsonObject) => {
    const { openAPIV3Schema } = version.schema as JsonObject
    const versions = [{ name: 'v1', served: true, storage: true, schema: openAPIV3Schema ?? {} }]
    return make('APIResourceSchema', `${prefix}.as.ex.io`, { group, names, scope: 'Cluster', versions })
  }
  await schemaOf('one', plain)
  await schemaOf('two', changed)
  await make('APIExport', 'as', { latestResourceSchemas: ['one.as.ex.io'] })
  await make('APIBinding', 'as', { reference: { export: { path: 'root', name: 'as' } } })
  const target = { gvr: kcp('apibindings'), name: 'as' }
  await until<Conditioned>(root, target, binding => binding?.status?.phase === 'Bound')
  await root.create(things, objectWith('a', { a: '1', gone: '2' }))
  const patch = { type: 'merge', body: { spec: { latestResourceSchemas: ['two.as.ex.io'] } } } as const
  await root.patch(kcp('apiexports'), { name: 'as' }, patch)
  await controlPlane.settled()
  assert.deepEqual((await root.get(things, { name: 'a' })).spec, { a: '1', d: 'later' })
})

test('each workspace has its own version of a CRD: changing one leaves objects and watches of the other alone', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  const type = { name: 'universal', path: 'root' }
  const workspace = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name: 'other' } }
  const workspaces = gvr('workspaces', 'v1alpha1', 'tenancy.kcp.io')
  await root.create(workspaces, { ...workspace, spec: { type } })
  await until<Conditioned>(root, { gvr: workspaces, name: 'other' }, each => each?.status?.phase === 'Ready')
  const other = controlPlane.client().cluster('root:other')
  for (const client of [root, other]) await createDefinition(client, plain)
  await controlPlane.settled()
  for (const client of [root, other]) await client.create(things, objectWith('a', { a: '1', gone: '2' }))
  const { resourceVersion } = (await other.list(things)).metadata
  const watch = other.watch(things, { resourceVersion, signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]()
  const next = watch.next()
  const crds = gvr('customresourcedefinitions', 'v1', 'apiextensions.k8s.io')
  await root.patch(crds, { name: 'as.ex.io' }, { type: 'merge', body: { spec: { versions: [changed] } } })
  await controlPlane.settled()
  const specs = async (client: Client) => (await client.get(things, { name: 'a' })).spec
  assert.deepEqual(
    [await specs(root), await specs(other)],
    [
      { a: '1', d: 'later' },
      { a: '1', gone: '2' },
    ],
  )
  await other.create(things, objectWith('b', { gone: '3' }))
  const event = await next
  assert.deepEqual([event.value.type, event.value.object.spec], ['ADDED', { gone: '3' }])
  await watch.return?.()
})
