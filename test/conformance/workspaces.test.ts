// Birth, rules and death of workspaces, through the whole request path with the real controllers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { type ControlPlane, startControlPlane } from '../harness/control-plane.ts'
import { until } from '../harness/until.ts'

const workspaces = { group: 'tenancy.kcp.io', version: 'v1alpha1', resource: 'workspaces' }
const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
const adminUser = { username: 'kcp-admin', groups: ['system:kcp:admin', 'system:authenticated'] }

type Workspace = KubeObject & {
  spec: { type?: { name: string; path?: string }; cluster?: string; URL?: string }
  status?: { phase?: string; conditions?: { type: string; status: string }[] }
}

let controlPlane: ControlPlane
let admin: Client
before(async () => {
  controlPlane = await startControlPlane()
  admin = controlPlane.client(adminUser)
})
after(() => controlPlane[Symbol.asyncDispose]())

function create(parent: string, name: string, spec: object = {}, client = admin): Promise<Workspace> {
  const metadata = { name }
  const workspace = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata, spec }
  return client.cluster(parent).create<Workspace>(workspaces, workspace)
}

async function createReady(parent: string, name: string, spec: object = {}): Promise<Workspace> {
  await create(parent, name, spec)
  const ready = await until<Workspace>(
    admin.cluster(parent),
    { gvr: workspaces, name },
    workspace => workspace?.status?.phase === 'Ready',
  )
  assert.ok(ready)
  return ready
}

test('a workspace gets the default type of its parent and becomes Ready', async () => {
  const created = await create('root', 'org')
  assert.deepEqual(created.spec.type, { name: 'organization', path: 'root' })
  assert.equal(created.status?.phase, 'Scheduling')
  const ready = await until<Workspace>(
    admin.cluster('root'),
    { gvr: workspaces, name: 'org' },
    workspace => workspace?.status?.phase === 'Ready',
  )
  assert.equal(ready?.metadata.labels?.['tenancy.kcp.io/phase'], 'Ready')
  assert.deepEqual(ready?.metadata.finalizers, ['core.kcp.io/logicalcluster'])
  assert.equal(ready?.metadata.annotations?.['experimental.tenancy.kcp.io/owner'], '{"username":"kcp-admin"}')
  assert.equal(ready?.metadata.annotations?.['internal.tenancy.kcp.io/shard'], '1pfxsevk')
  assert.equal(ready?.metadata.generation, 2)
  assert.equal(ready?.spec.URL, `https://kcp.test:6443/clusters/${ready?.spec.cluster}`)
  assert.deepEqual(
    ready?.status?.conditions?.map(({ type, status }) => `${type}=${status}`),
    ['WorkspaceInitialized=True', 'WorkspaceScheduled=True'],
  )
})

test('an empty type, as Go clients send it, is none', async () => {
  const created = await create('root', 'untyped', { type: { name: '' } })
  assert.deepEqual(created.spec.type, { name: 'organization', path: 'root' })
})

test('inside a new workspace are its namespace, account, bindings and administrator', async () => {
  await createReady('root', 'inside')
  const inside = admin.cluster('root:inside')
  const gvr = (group: string, version: string, resource: string) => ({ group, version, resource })
  const bindings = await inside.list<KubeObject & { status: { phase: string } }>(
    gvr('apis.kcp.io', 'v1alpha1', 'apibindings'),
  )
  assert.deepEqual(
    bindings.items.map(({ metadata, status }) => `${metadata.name.replace(/-.{5}$/, '')} ${status.phase}`),
    ['apiresource', 'scheduling', 'tenancy', 'topology', 'workload'].map(name => `${name}.kcp.io Bound`),
  )
  const { items } = await inside.list<KubeObject & { subjects: { name: string }[] }>(
    gvr('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings'),
  )
  assert.deepEqual(
    items.map(({ metadata, subjects }) => [metadata.name, subjects[0]?.name]),
    [['workspace-admin', 'kcp-admin']],
  )
  const accounts = { gvr: gvr('', 'v1', 'serviceaccounts'), name: 'default' }
  const account = await until<KubeObject & { secrets?: { name: string }[] }>(inside, accounts, found =>
    Boolean(found?.secrets?.length),
  )
  const target = { namespace: 'default', name: account?.secrets?.[0]?.name ?? '' }
  const secret = await inside.get<KubeObject & { data: Record<string, string> }>(gvr('', 'v1', 'secrets'), target)
  assert.deepEqual(Object.keys(secret.data).sort(), ['ca.crt', 'namespace', 'token'])
})

const refusals: { name: string; parent: string; spec: object; want: string }[] = [
  {
    name: 'an unknown type without path',
    parent: 'root',
    spec: { type: { name: 'foo' } },
    want: 'workspace type "foo" cannot be resolved',
  },
  {
    name: 'an unknown type with path',
    parent: 'root',
    spec: { type: { name: 'foo', path: 'root' } },
    want: 'Internal error occurred: workspacetypes.tenancy.kcp.io "root:foo" not found',
  },
  {
    name: 'a type that may have no parent',
    parent: 'root',
    spec: { type: { name: 'home' } },
    want: 'workspace type root:home cannot have any parent',
  },
  {
    name: 'a parent the type does not allow',
    parent: 'root:org',
    spec: { type: { name: 'organization' } },
    want: 'workspace type root:organization only allows [root:root] parent workspaces, but parent type root:organization only implements [root:organization root:universal]',
  },
  {
    name: 'spec.cluster from a user',
    parent: 'root',
    spec: { cluster: 'mine' },
    want: 'spec.Cluster can only be set by system privileged users',
  },
]
for (const { name, parent, spec, want } of refusals) {
  test(`refused: ${name}`, async () => {
    const message = `workspaces.tenancy.kcp.io "x" is forbidden: ${want}`
    await assert.rejects(create(parent, 'x', spec), { message, code: 403 })
  })
}

test('a user cannot change who owns a workspace or where it lies, and loses no finalizer', async () => {
  const workspace = await createReady('root', 'guarded')
  const annotations = { 'experimental.tenancy.kcp.io/owner': '{"username":"mallory"}' }
  const root = admin.cluster('root')
  const patch = (metadata: object) => root.patch(workspaces, { name: 'guarded' }, { type: 'merge', body: { metadata } })
  await assert.rejects(patch({ annotations }), { code: 403 })
  const patched = await patch({ finalizers: [], annotations: { 'internal.tenancy.kcp.io/cluster': null } })
  assert.deepEqual(patched.metadata.finalizers, workspace.metadata.finalizers)
  assert.equal(patched.metadata.annotations?.['internal.tenancy.kcp.io/cluster'], workspace.spec.cluster)
})

test('a deleted workspace takes its children, namespaces and logical clusters along', async () => {
  await createReady('root', 'gone')
  const child = await createReady('root:gone', 'child')
  const metadata = { name: 'apps' }
  await admin.cluster('root:gone:child').create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata })
  await admin.cluster('root').delete(workspaces, { name: 'gone' })
  await until(admin.cluster('root'), { gvr: workspaces, name: 'gone' }, workspace => workspace === undefined)
  await controlPlane.index.whenCurrent()
  assert.equal(controlPlane.index.resolve('root:gone:child'), undefined)
  assert.equal(controlPlane.index.logicalCluster(child.spec.cluster ?? ''), undefined)
  const { store } = controlPlane
  const left = (await store.list('/registry/')).items.filter(({ key }) => key.includes(`/${child.spec.cluster}/`))
  assert.deepEqual(
    left.map(({ key }) => key),
    [],
  )
})

test('a path that leads nowhere is as forbidden as one without access', async () => {
  const user = controlPlane.client({ username: 'user-1', groups: ['system:authenticated'] })
  const text = (cluster: string) =>
    user
      .cluster(cluster)
      .list(namespaces)
      .then(
        () => 'allowed',
        (error: Error) => error.message,
      )
  assert.match(await text('root:nosuch'), /^namespaces is forbidden: User "user-1" cannot list resource "namespaces"/)
  assert.equal(await text('root:nosuch'), await text('root:org'))
})

test('everybody has a home workspace, under its path and the old one', async () => {
  const user = controlPlane.client({ username: 'user-1', groups: ['system:authenticated'] })
  const home = await user.cluster('root').get<Workspace>(workspaces, { name: '~' })
  assert.equal(home.spec.cluster, '285xjbwx8vocb')
  assert.equal(home.status?.phase, 'Ready')
  const child = await create('user:user-1', 'kid', {}, user)
  assert.deepEqual(child.spec.type, { name: 'universal', path: 'root' })
  const other = controlPlane.client({ username: 'user-2', groups: ['system:authenticated'] })
  await assert.rejects(create('user:user-1', 'intruder', {}, other), { code: 403 })
  const anonymous = controlPlane.client({ username: 'system:anonymous', groups: ['system:unauthenticated'] })
  await assert.rejects(anonymous.cluster('root').get(workspaces, { name: '~' }), {
    message:
      'workspaces.tenancy.kcp.io "~" is forbidden: User "system:anonymous" cannot create resource "workspaces" in API group "tenancy.kcp.io" at the cluster scope: workspace access not permitted',
  })
})

test('a namespace that everybody needs stays', async () => {
  const deletion = admin.cluster('root').delete(namespaces, { name: 'default' })
  await assert.rejects(deletion, { message: 'namespaces "default" is forbidden: this namespace may not be deleted' })
  await assert.rejects(admin.cluster('root').get(namespaces, { name: 'nosuch' }), isNotFound)
})

test('nobody grants what he does not hold, and roles of the shared policy are seen', async () => {
  const rbac = 'rbac.authorization.k8s.io'
  const apiVersion = `${rbac}/v1`
  const clusterRoles = { group: rbac, version: 'v1', resource: 'clusterroles' }
  const clusterRoleBindings = { group: rbac, version: 'v1', resource: 'clusterrolebindings' }
  await createReady('root', 'rbac', { type: { name: 'universal' } })
  const owner = admin.cluster('root:rbac')
  const rules = [
    { apiGroups: [rbac], resources: ['clusterroles', 'clusterrolebindings'], verbs: ['create'] },
    { nonResourceURLs: ['/'], verbs: ['access'] },
  ]
  await owner.create(clusterRoles, { apiVersion, kind: 'ClusterRole', metadata: { name: 'granter' }, rules })
  const bind = (name: string, role: string, user: string) => ({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
  })
  await owner.create(clusterRoleBindings, bind('granter', 'granter', 'user-3'))
  const user = controlPlane.client({ username: 'user-3', groups: ['system:authenticated'] }).cluster('root:rbac')
  const read = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }]
  const creation = user.create(clusterRoles, {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name: 'read' },
    rules: read,
  })
  await assert.rejects(creation, {
    message:
      'clusterroles.rbac.authorization.k8s.io "read" is forbidden: user "user-3" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
  })
  await assert.rejects(user.create(clusterRoleBindings, bind('all', 'cluster-admin', 'user-3')), { code: 403 })
  await user.create(clusterRoleBindings, bind('same', 'granter', 'user-4'))
})
