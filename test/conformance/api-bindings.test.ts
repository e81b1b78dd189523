// Exports, bindings, CRDs and claims through the whole request path with the real controllers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Condition, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const gvr = (group: string, resource: string, version = 'v1alpha1') => ({ group, version, resource })
const workspaces = gvr('tenancy.kcp.io', 'workspaces')
const exports = gvr('apis.kcp.io', 'apiexports')
const bindings = gvr('apis.kcp.io', 'apibindings')
const schemas = gvr('apis.kcp.io', 'apiresourceschemas')
const crds = gvr('apiextensions.k8s.io', 'customresourcedefinitions', 'v1')
const widgets = gvr('ex.io', 'widgets', 'v1')
const configMaps = gvr('', 'configmaps', 'v1')

type Binding = KubeObject & {
  status?: { phase?: string; conditions?: Condition[]; boundResources?: { schema: { identityHash: string } }[] }
}
type Crd = KubeObject & { status?: { conditions?: Condition[] } }

const adminUser = { username: 'kcp-admin', groups: ['system:kcp:admin', 'system:authenticated'] }
let controlPlane: ControlPlane
let admin: Client
before(async () => {
  controlPlane = await startControlPlane()
  admin = controlPlane.client(adminUser)
  await createWorkspace('provider')
  await admin.cluster('root:provider').create(schemas, widgetSchema('v1'))
  await admin.cluster('root:provider').create(exports, widgetExport('v1'))
})
after(() => controlPlane[Symbol.asyncDispose]())

async function createWorkspace(name: string): Promise<Client> {
  const type = { name: 'universal', path: 'root' }
  const object = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name }, spec: { type } }
  await admin.cluster('root').create(workspaces, object)
  await until<KubeObject & { status?: { phase?: string } }>(
    admin.cluster('root'),
    { gvr: workspaces, name },
    workspace => workspace?.status?.phase === 'Ready',
  )
  return admin.cluster(`root:${name}`)
}

const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' }
const openAPIV3Schema = {
  type: 'object',
  properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
}

function widgetSchema(prefix: string): KubeObject {
  const versions = [{ name: 'v1', served: true, storage: true, schema: openAPIV3Schema }]
  return {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIResourceSchema',
    metadata: { name: `${prefix}.widgets.ex.io` },
    spec: { group: 'ex.io', names, scope: 'Cluster', versions },
  }
}

function widgetExport(prefix: string): KubeObject {
  const spec = { latestResourceSchemas: [`${prefix}.widgets.ex.io`] }
  return { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIExport', metadata: { name: 'widgets' }, spec }
}

function widgetBinding(name: string, exportName = 'widgets', path: string | undefined = 'root:provider'): KubeObject {
  const spec = { reference: { export: { name: exportName, ...(path ? { path } : {}) } } }
  return { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIBinding', metadata: { name }, spec }
}

function widget(name: string, more: object = {}): KubeObject {
  return { apiVersion: 'ex.io/v1', kind: 'Widget', metadata: { name, ...more }, spec: { size: 1 } }
}

const condition = (object: { status?: { conditions?: Condition[] } } | undefined, type: string) =>
  object?.status?.conditions?.find(each => each.type === type)

test('a bound API is served as soon as the binding says Bound, and its objects go with it', async () => {
  const consumer = await createWorkspace('consumer')
  await assert.rejects(consumer.list(widgets), { code: 404 })
  await consumer.create(bindings, widgetBinding('widgets'))
  const bound = await until<Binding>(consumer, { gvr: bindings, name: 'widgets' }, b => b?.status?.phase === 'Bound')
  await consumer.create(widgets, widget('a', { finalizers: ['ex.io/hold'] }))
  const identity = bound?.status?.boundResources?.[0]?.schema.identityHash
  const everywhere = controlPlane.client().cluster('*')
  const found = await everywhere.list({ ...widgets, resource: `widgets:${identity}` })
  assert.deepEqual(
    found.items.map(item => item.metadata.name),
    ['a'],
  )
  await consumer.delete(bindings, { name: 'widgets' })
  const stuck = await until<Binding>(
    consumer,
    { gvr: bindings, name: 'widgets' },
    b => condition(b, 'BindingResourceDeleteSuccess') !== undefined,
  )
  const { reason, message } = condition(stuck, 'BindingResourceDeleteSuccess') ?? {}
  assert.equal(reason, 'SomeFinalizersRemain')
  assert.equal(message, 'Some content in the workspace has finalizers remaining: ex.io/hold in 1 resource instances')
  await assert.rejects(consumer.create(widgets, widget('b')), { code: 405 })
  await consumer.patch(widgets, { name: 'a' }, { type: 'merge', body: { metadata: { finalizers: [] } } })
  await until(consumer, { gvr: bindings, name: 'widgets' }, b => b === undefined)
  await assert.rejects(consumer.list(widgets), { code: 404 })
})

test('a binding to a missing export does not harm its neighbours, and binds when the export appears', async () => {
  const consumer = await createWorkspace('early')
  await consumer.create(bindings, widgetBinding('later', 'later', ''))
  const waiting = await until<Binding>(
    consumer,
    { gvr: bindings, name: 'later' },
    b => condition(b, 'APIExportValid') !== undefined,
  )
  assert.equal(condition(waiting, 'APIExportValid')?.reason, 'APIExportNotFound')
  await consumer.create(bindings, widgetBinding('widgets'))
  await until<Binding>(consumer, { gvr: bindings, name: 'widgets' }, b => b?.status?.phase === 'Bound')
  const spec = { latestResourceSchemas: [] }
  const metadata = { name: 'later' }
  await consumer.create(exports, { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIExport', metadata, spec })
  await until<Binding>(consumer, { gvr: bindings, name: 'later' }, b => b?.status?.phase === 'Bound')
})

test('two bindings of the same names: the second waits, and is bound when the first goes', async () => {
  const consumer = await createWorkspace('conflict')
  await consumer.create(schemas, widgetSchema('own'))
  await consumer.create(exports, widgetExport('own'))
  await consumer.create(bindings, widgetBinding('first'))
  await until<Binding>(consumer, { gvr: bindings, name: 'first' }, b => b?.status?.phase === 'Bound')
  await consumer.create(bindings, widgetBinding('second', 'widgets', ''))
  const refused = await until<Binding>(
    consumer,
    { gvr: bindings, name: 'second' },
    b => condition(b, 'BindingUpToDate') !== undefined,
  )
  assert.equal(
    condition(refused, 'BindingUpToDate')?.message,
    'Unable to bind APIs: naming conflict with APIBinding "first" bound to APIExport root:provider:widgets, spec.names.plural=widgets is forbidden',
  )
  await consumer.delete(bindings, { name: 'first' })
  await until<Binding>(consumer, { gvr: bindings, name: 'second' }, b => b?.status?.phase === 'Bound')
})

test('a new schema of an export reaches existing bindings', async () => {
  const provider = await createWorkspace('moving')
  await provider.create(schemas, widgetSchema('v1'))
  await provider.create(schemas, widgetSchema('v2'))
  await provider.create(exports, widgetExport('v1'))
  await provider.create(bindings, widgetBinding('widgets', 'widgets', ''))
  await until<Binding>(provider, { gvr: bindings, name: 'widgets' }, b => b?.status?.phase === 'Bound')
  const body = { spec: { latestResourceSchemas: ['v2.widgets.ex.io'] } }
  await provider.patch(exports, { name: 'widgets' }, { type: 'merge', body })
  await until<Binding>(provider, { gvr: bindings, name: 'widgets' }, b =>
    JSON.stringify(b?.status?.boundResources).includes('v2.widgets.ex.io'),
  )
})

test('only who may bind an export may bind it', async () => {
  const user = controlPlane.client({ username: 'user-1', groups: ['system:authenticated'] })
  const home = await user.cluster('root').get<KubeObject & { spec: { cluster: string } }>(workspaces, { name: '~' })
  const creation = user.cluster(home.spec.cluster).create(bindings, widgetBinding('widgets'))
  await assert.rejects(creation, {
    message:
      'apibindings.apis.kcp.io "widgets" is forbidden: unable to create APIBinding: no permission to bind to export root:provider:widgets',
  })
})

test('a CRD is served once established, and takes its objects along', async () => {
  const local = await createWorkspace('local')
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }]
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.ex.io' },
    spec: { group: 'ex.io', names, scope: 'Namespaced', versions },
  }
  await local.create(crds, crd)
  const established = (found: Crd | undefined) => condition(found, 'Established')?.status === 'True'
  await until<Crd>(local, { gvr: crds, name: 'widgets.ex.io' }, established)
  await local.create(widgets, widget('a', { namespace: 'default' }))
  await local.delete(crds, { name: 'widgets.ex.io' })
  await until(local, { gvr: crds, name: 'widgets.ex.io' }, found => found === undefined)
  await assert.rejects(local.list(widgets), { code: 404 })
  await local.create(crds, { ...crd, metadata: { name: 'widgets.ex.io' } })
  await until<Crd>(local, { gvr: crds, name: 'widgets.ex.io' }, established)
  assert.deepEqual((await local.list(widgets)).items, [])
})

test('dependents follow their owner', async () => {
  const local = await createWorkspace('owners')
  const configMap = (name: string, metadata: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default', ...metadata },
  })
  const owner = await local.create(configMaps, configMap('owner'))
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid ?? '' }
  await local.create(configMaps, configMap('dependent', { ownerReferences: [reference] }))
  await local.create(configMaps, configMap('stray', { ownerReferences: [{ ...reference, uid: 'nobody' }] }))
  await until(local, { gvr: configMaps, name: 'stray' }, found => found === undefined)
  await local.get(configMaps, { namespace: 'default', name: 'dependent' })
  await local.delete(configMaps, { namespace: 'default', name: 'owner' })
  await until(local, { gvr: configMaps, name: 'dependent' }, found => found === undefined)
})

test('accepted claims label what is there and what comes, and no longer when the binding goes', async () => {
  const consumer = await createWorkspace('claims')
  const configMap = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  })
  await consumer.create(configMaps, configMap('before'))
  const claim = { group: '', resource: 'configmaps', all: true }
  const apiExport = widgetExport('v1')
  apiExport.metadata.name = 'claimer'
  apiExport.spec = { latestResourceSchemas: [], permissionClaims: [claim] }
  const provider = admin.cluster('root:provider')
  await provider.create(exports, apiExport)
  const binding = widgetBinding('claimer', 'claimer')
  binding.spec = { ...(binding.spec as object), permissionClaims: [{ ...claim, state: 'Accepted' }] }
  await consumer.create(bindings, binding)
  const value = 'b4Kg2cKyX1dvWWHXUOcqu8F80KpNo21FI5jWLW'
  const isLabelled = (object: KubeObject | undefined) => Object.values(object?.metadata.labels ?? {}).includes(value)
  await until(consumer, { gvr: configMaps, name: 'before' }, isLabelled)
  assert.ok(isLabelled(await consumer.create(configMaps, configMap('after'))))
  await consumer.delete(bindings, { name: 'claimer' })
  await until(consumer, { gvr: configMaps, name: 'before' }, object => !isLabelled(object))
})

test('an owner deleted in the foreground goes after its dependents; an orphaning one leaves them', async () => {
  const local = await createWorkspace('cascades')
  const create = (name: string, ownerReferences: object[] = [], finalizers: string[] = []) => {
    const metadata = { name, namespace: 'default', ownerReferences, finalizers }
    return local.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata } as KubeObject)
  }
  const owned = async (owner: string, dependent: string, finalizers: string[] = []) => {
    const { metadata } = await create(owner)
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: metadata.uid, blockOwnerDeletion: true }
    await create(dependent, [reference], finalizers)
  }
  const target = (name: string) => ({ namespace: 'default', name })
  await owned('first', 'held', ['ex.io/hold'])
  await local.delete(configMaps, target('first'), { propagationPolicy: 'Foreground' })
  const held = (object: KubeObject | undefined) => object?.metadata.deletionTimestamp !== undefined
  await until(local, { gvr: configMaps, name: 'held' }, held)
  assert.deepEqual((await local.get(configMaps, target('first'))).metadata.finalizers, ['foregroundDeletion'])
  await local.patch(configMaps, target('held'), { type: 'merge', body: { metadata: { finalizers: [] } } })
  await until(local, { gvr: configMaps, name: 'first' }, object => object === undefined)

  await owned('second', 'kept')
  await local.delete(configMaps, target('second'), { propagationPolicy: 'Orphan' })
  await until(local, { gvr: configMaps, name: 'second' }, object => object === undefined)
  assert.deepEqual((await local.get(configMaps, target('kept'))).metadata.ownerReferences ?? [], [])
})

test('owners in a circle all go; what cannot be looked up stays', async () => {
  const local = await createWorkspace('circles')
  const body = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  })
  const names = ['one', 'two', 'three']
  const made = await Promise.all(names.map(name => local.create(configMaps, body(name))))
  const ownedBy = ({ metadata }: KubeObject) => [
    { apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid, blockOwnerDeletion: true },
  ]
  for (const [index, owner] of made.entries()) {
    const target = { namespace: 'default', name: names[(index + 1) % names.length] ?? '' }
    await local.patch(configMaps, target, { type: 'merge', body: { metadata: { ownerReferences: ownedBy(owner) } } })
  }
  await local.delete(configMaps, { namespace: 'default', name: 'one' }, { propagationPolicy: 'Foreground' })
  for (const name of names) await until(local, { gvr: configMaps, name }, object => object === undefined)

  const roles = gvr('rbac.authorization.k8s.io', 'clusterroles', 'v1')
  const gone: KubeObject = body('gone')
  gone.metadata.uid = 'gone'
  const metadata = { name: 'names-no-namespace', ownerReferences: ownedBy(gone) }
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: [] }
  await local.create(roles, role as KubeObject)
  const later = { ...body('later'), metadata: { ...body('later').metadata, ownerReferences: ownedBy(gone) } }
  await local.create(configMaps, later as KubeObject)
  await until(local, { gvr: configMaps, name: 'later' }, object => object === undefined)
  await local.get(roles, { name: 'names-no-namespace' })
})

test('the endpoints of a slice are those of its export', async () => {
  const slices = gvr('apis.kcp.io', 'apiexportendpointslices')
  const spec = { export: { path: 'root:provider', name: 'widgets' } }
  const metadata = { name: 'widgets' }
  const provider = admin.cluster('root:provider')
  await provider.create(slices, { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIExportEndpointSlice', metadata, spec })
  type Slice = KubeObject & { status?: { endpoints?: { url: string }[]; conditions?: Condition[] } }
  const slice = await until<Slice>(provider, { gvr: slices, name: 'widgets' }, each =>
    Boolean(each?.status?.endpoints?.length),
  )
  assert.match(
    slice?.status?.endpoints?.[0]?.url ?? '',
    /^https:\/\/kcp\.test:6443\/services\/apiexport\/[0-9a-z]{16}\/widgets$/,
  )
  assert.equal(condition(slice, 'EndpointURLsReady')?.status, 'True')
})

test('a schema that refers to another is refused', async () => {
  const schema = { type: 'object', properties: { spec: { $ref: '#/definitions/Spec' } } }
  const object = widgetSchema('broken')
  const spec = {
    group: 'ex.io',
    scope: 'Namespaced',
    names,
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  }
  await assert.rejects(
    admin.cluster('root:provider').create(schemas, { ...object, spec }),
    /versions\[0\]\.schema\.openAPIV3Schema\.properties\[spec\]\.\$ref: Forbidden: \$ref is not supported/,
  )
})
