// A workspace that is made in one go has what it would have had step by step, and waits for the same initializers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
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
