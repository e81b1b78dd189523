// Where this kcp deliberately does not do as Go kcp v0.11 or Kubernetes does (docs/compatibility.md), and no other test tells.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { allow } from '../../kcp/auth/authorizer.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const gvr = (group: string, resource: string, version = 'v1alpha1') => ({ group, version, resource })
const workspaces = gvr('tenancy.kcp.io', 'workspaces')
const workspaceTypes = gvr('tenancy.kcp.io', 'workspacetypes')
const logicalClusters = gvr('core.kcp.io', 'logicalclusters')
const bindings = gvr('apis.kcp.io', 'apibindings')
const deployments = gvr('apps', 'deployments', 'v1')

type Phased = KubeObject & { status?: { phase?: string } }
type Workspace = Phased & { spec: { cluster: string } }

let controlPlane: ControlPlane
let root: Client
before(async () => {
  controlPlane = await startControlPlane({ authorize: async () => allow('tests') })
  root = controlPlane.client().cluster('root')
})
after(() => controlPlane[Symbol.asyncDispose]())

async function createWorkspace(name: string, type: string, phase: string): Promise<Workspace> {
  const spec = { type: { name: type, path: 'root' } }
  await root.create(workspaces, { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name }, spec })
  const target = { gvr: workspaces, name }
  const found = await until<Workspace>(root, target, workspace => workspace?.status?.phase === phase)
  assert.ok(found)
  return found
}

test('an initializer is removed only by those who may initialize the type', async () => {
  const spec = { initializer: true, extend: { with: [{ name: 'universal', path: 'root' }] } }
  const kind = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'WorkspaceType' }
  await root.create(workspaceTypes, { ...kind, metadata: { name: 'careful' }, spec })
  const { spec: made } = await createWorkspace('waits', 'careful', 'Initializing')
  // The built-in initializers are done then.
  await controlPlane.settled()
  const remove = (client: Client) =>
    client
      .cluster(made.cluster)
      .patch(
        logicalClusters,
        { name: 'cluster', subresource: 'status' },
        { type: 'merge', body: { status: { initializers: [] } } },
      )
  const mallory = { username: 'mallory', groups: ['system:authenticated'] }
  await assert.rejects(remove(controlPlane.client(mallory)), {
    code: 403,
    message: /not allowed to remove initializer "root:careful"/,
  })
  await remove(controlPlane.client())
  await until<Workspace>(root, { gvr: workspaces, name: 'waits' }, workspace => workspace?.status?.phase === 'Ready')
})

test('the scale of a bound type takes a strategic merge patch', async () => {
  const { spec } = await createWorkspace('scaled', 'universal', 'Ready')
  const client = controlPlane.client().cluster(spec.cluster)
  const reference = { export: { path: 'root:compute', name: 'kubernetes' } }
  const binding = { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIBinding', metadata: { name: 'compute' } }
  await client.create(bindings, { ...binding, spec: { reference } })
  await until<Phased>(client, { gvr: bindings, name: 'compute' }, each => each?.status?.phase === 'Bound')
  const labels = { app: 'd' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  await client.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template },
  })
  const target = { namespace: 'default', name: 'd', subresource: 'scale' }
  const scale = await client.patch(deployments, target, { type: 'strategic', body: { spec: { replicas: 3 } } })
  assert.deepEqual(scale.spec, { replicas: 3 })
})
