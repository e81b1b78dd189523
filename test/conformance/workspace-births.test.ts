// A workspace that is made in one go has what it would have had step by step, and waits for the same initializers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../api/json.ts'
import { clusterAnnotation, type KubeObject } from '../../api/objects.ts'
import { updateManagedFields } from '../../api/patch/apply/update-managed-fields.ts'
import type { Client } from '../../api-client/client.ts'
import { versionsOf } from '../../kcp/registry/field-ownership.ts'
import { type ControlPlane, startControlPlane, systemMaster } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const tenancy = (resource: string) => ({ group: 'tenancy.kcp.io', version: 'v1alpha1', resource })
const logicalClusters = { group: 'core.kcp.io', version: 'v1alpha1', resource: 'logicalclusters' }

interface Workspace extends KubeObject {
  spec: { cluster?: string }
  status?: { phase?: string }
}

async function create(client: Client, name: string, spec: object, phase: string): Promise<Workspace> {
  const workspace = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name }, spec }
  await client.create(tenancy('workspaces'), workspace as KubeObject)
  const reached = await until<Workspace>(
    client,
    { gvr: tenancy('workspaces'), name },
    found => found?.status?.phase === phase,
  )
  assert.ok(reached)
  return reached
}

function createType(client: Client, name: string, spec: object): Promise<KubeObject> {
  const type = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'WorkspaceType', metadata: { name }, spec }
  return client.create(tenancy('workspacetypes'), type as KubeObject)
}

/** All that is stored in the logical cluster, and its Workspace, without what is random or a time. */
async function contentOf({ store }: ControlPlane, workspace: Workspace): Promise<Record<string, JsonValue>> {
  const { cluster = '' } = workspace.spec
  const { items } = await store.list('/registry/')
  const found = items.filter(
    ({ key }) => key.includes(`/${cluster}/`) || key.endsWith(`/root/${workspace.metadata.name}`),
  )
  const entries = found.map(({ key, value }): [string, JsonValue] => {
    const object = JSON.parse(Buffer.from(value).toString())
    // Its condition is of a controller that does not run here.
    if (object.kind === 'Namespace') delete object.status.conditions
    // Fewer writes make fewer owners.
    delete object.metadata.managedFields
    return [anonymous(key, cluster), JSON.parse(anonymous(JSON.stringify(sorted(object)), cluster))]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, member]) => [key, sorted(member)]),
  )
}

function anonymous(text: string, cluster: string): string {
  return text
    .replaceAll(cluster, 'CLUSTER')
    .replaceAll(/"token":"[^"]*"/g, '"token":"T"')
    .replaceAll(/[0-9a-f]{64}/g, 'IDENTITY')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/(kcp\.io|default-token)-[0-9a-z]{5}\b/g, '$1-HASH')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
}

test('made in one go or step by step: the same content', async () => {
  const contents: Record<string, JsonValue>[] = []
  for (const isStepwise of [true, false]) {
    await using controlPlane = await startControlPlane({ isStepwise })
    const root = controlPlane.client({ username: 'kcp-admin', groups: ['system:kcp:admin', 'system:authenticated'] })
    const workspace = await create(root.cluster('root'), 'org', {}, 'Ready')
    await controlPlane.settled()
    contents.push(await contentOf(controlPlane, workspace))
  }
  const [stepwise, born] = contents
  assert.equal(Object.keys(born ?? {}).length, 12)
  assert.deepEqual(born, stepwise)
})

test('every born object has the owners of its own fields, whatever was born in the same second', async () => {
  await using controlPlane = await startControlPlane()
  const users = [{ username: 'kcp-admin', groups: ['system:kcp:admin', 'system:authenticated'] }, systemMaster]
  const types = ['universal', 'organization']
  const born = users.flatMap(user => {
    const root = controlPlane.client(user).cluster('root')
    return types.map(name => {
      const spec = { type: { name, path: 'root' } }
      return create(root, `${name}-${users.indexOf(user)}`, spec, 'Ready')
    })
  })
  let compared = 0
  for (const { spec } of await Promise.all(born)) {
    const { cluster = '' } = spec
    const apis = controlPlane.catalog.apisOf(cluster)
    for (const { key, value } of (await controlPlane.store.list('/registry/')).items) {
      if (!key.includes(`/${cluster}/`)) continue
      const object: KubeObject = JSON.parse(Buffer.from(value).toString())
      const type = apis.types.find(({ kind, group }) => kind === object.kind && object.apiVersion.startsWith(group))
      assert.ok(type, object.kind)
      const {
        managedFields = [],
        annotations: { [clusterAnnotation]: _, ...annotations } = {},
        ...metadata
      } = object.metadata
      if (managedFields.length !== 1 || managedFields[0]?.manager !== 'kcp') continue
      const bare = Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata
      const after: KubeObject = { ...object, metadata: bare }
      // Its finalizer is added for everybody.
      if (object.kind === 'Namespace') delete after.spec
      const versions = versionsOf({ type, subresource: '', isWhole: true })
      const write = { manager: 'kcp', apiVersion: object.apiVersion, subresource: '', now: new Date() }
      const wanted = updateManagedFields({ ...write, after, versions }).metadata.managedFields
      assert.deepEqual(managedFields[0].fieldsV1, wanted?.[0]?.fieldsV1, key)
      compared++
    }
  }
  assert.ok(compared >= born.length * 10, String(compared))
})

test('a Workspace that is changed while it is born becomes Ready, and keeps the change', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  const names = Array.from({ length: 8 }, (_, index) => `busy${index}`)
  await Promise.all(
    names.map(async name => {
      const ready = create(root, name, {}, 'Ready')
      for (const color of ['red', 'green', 'blue']) {
        const body = { metadata: { labels: { color } } }
        await root.patch(tenancy('workspaces'), { name }, { type: 'merge', body }).catch(() => undefined)
      }
      await ready
      const { metadata } = await root.get<Workspace>(tenancy('workspaces'), { name })
      assert.notEqual(metadata.labels?.color, 'red')
    }),
  )
})

test('initializers of other programs stay, and the workspace waits for them', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  const extend = { with: [{ name: 'universal', path: 'root' }] }
  await createType(root, 'slow', { initializer: true, extend })
  const { spec } = await create(root, 'waits', { type: { name: 'slow', path: 'root' } }, 'Initializing')
  const inside = controlPlane.client().cluster(spec.cluster ?? '')
  const logicalCluster = await inside.get<Workspace>(logicalClusters, { name: 'cluster' })
  const { phase, initializers } = logicalCluster.status as { phase?: string; initializers?: string[] }
  assert.deepEqual([phase, initializers], ['Initializing', ['root:slow']])
  assert.equal(Object.keys(logicalCluster.metadata.labels ?? {}).length, 2)
  await inside.get({ group: '', version: 'v1', resource: 'namespaces' }, { name: 'default' })
  const body = { status: { initializers: null } }
  await inside.patch(logicalClusters, { name: 'cluster', subresource: 'status' }, { type: 'merge', body })
  const ready = await until<Workspace>(
    root,
    { gvr: tenancy('workspaces'), name: 'waits' },
    found => found?.status?.phase === 'Ready',
  )
  assert.ok(ready)
})

test('an export that is not there yet: made step by step, Ready when it comes', async () => {
  await using controlPlane = await startControlPlane()
  const root = controlPlane.client().cluster('root')
  await createType(root, 'late', { defaultAPIBindings: [{ path: 'root', export: 'late.example.io' }] })
  const workspace = await create(root, 'late', { type: { name: 'late', path: 'root' } }, 'Initializing')
  const apiExport = { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIExport', metadata: { name: 'late.example.io' } }
  const apiExports = { group: 'apis.kcp.io', version: 'v1alpha1', resource: 'apiexports' }
  await root.create(apiExports, { ...apiExport, spec: {} } as KubeObject)
  const ready = await until<Workspace>(
    root,
    { gvr: tenancy('workspaces'), name: workspace.metadata.name },
    found => found?.status?.phase === 'Ready',
  )
  assert.ok(ready)
})
