import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import type { UserInfo } from '../../../api/user.ts'
import { createMemoryStore } from '../../storage/memory-store.ts'
import type { Attributes } from '../authorizer.ts'
import { bootstrapPolicyObjects } from '../bootstrap-policy.ts'
import { observeWrites } from '../observed-store.ts'
import { createRbacSource } from '../rbac-source.ts'
import { createKcpAuthorizers } from './chain.ts'

const group = 'rbac.authorization.k8s.io'
const plurals: Record<string, string> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
}

async function world() {
  const inner = createMemoryStore()
  const rbac = createRbacSource(inner)
  const store = observeWrites(inner, key => rbac.written(key))
  const keyOf = (cluster: string, { kind, metadata }: KubeObject): string => {
    const scope = metadata.namespace === undefined ? '' : `${metadata.namespace}/`
    return `/registry/${group}/${plurals[kind]}/${cluster}/${scope}${metadata.name}`
  }
  const put = (cluster: string, object: KubeObject) =>
    store.create(keyOf(cluster, object), Buffer.from(JSON.stringify(object)))
  const remove = async (cluster: string, object: KubeObject) => {
    const key = keyOf(cluster, object)
    await store.delete(key, (await store.get(key))?.revision ?? 0)
  }
  for (const object of bootstrapPolicyObjects({ kcp: true })) await put('system:admin', object)
  const { authorize, authorizeDeep } = createKcpAuthorizers({
    rbac,
    getLogicalCluster: async cluster =>
      ({
        root: { phase: 'Ready', requiredGroups: '' },
        ws: { phase: 'Ready', requiredGroups: '' },
        young: { phase: 'Scheduling', requiredGroups: '' },
        closed: { phase: 'Ready', requiredGroups: 'a,b;c' },
      })[cluster],
    getPolicyCluster: async (_cluster, apiGroup) => (apiGroup === 'example.io' ? 'provider' : undefined),
    alwaysAllowPaths: ['/readyz', '/open/*'],
  })
  return { put, remove, authorize, authorizeDeep }
}

function binding(name: string, role: string, subject: { kind: string; name: string; namespace?: string }): KubeObject {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [subject],
  }
}

function role(name: string, rules: unknown[], namespace?: string): KubeObject {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role'
  return { apiVersion: `${group}/v1`, kind, metadata: { name, ...(namespace ? { namespace } : {}) }, rules }
}

const access = binding('access', 'system:kcp:workspace:access', { kind: 'User', name: 'eve' })
const admin: UserInfo = { username: 'kcp-admin', groups: ['system:kcp:admin', 'system:authenticated'] }
const eve: UserInfo = { username: 'eve', groups: ['system:authenticated'] }
const masters: UserInfo = { username: 'shard-admin', groups: ['system:masters'] }
const anonymous: UserInfo = { username: 'system:anonymous', groups: ['system:unauthenticated'] }
const serviceAccount = (cluster: string): UserInfo => ({
  username: 'system:serviceaccount:default:sa',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  extra: { 'authentication.kubernetes.io/cluster-name': [cluster] },
})

function ask(user: UserInfo, cluster: string, what: Partial<Attributes> = {}): Attributes {
  const defaults = { verb: 'get', isResource: true, group: '', version: 'v1', resource: 'configmaps' }
  return { user, cluster, ...defaults, subresource: '', namespace: 'default', name: 'x', path: '', ...what }
}
const path = (text: string, verb = 'get'): Partial<Attributes> => ({ isResource: false, path: text, verb })

const table: { name: string; asked: Attributes; want: boolean }[] = [
  { name: 'masters may anything, also without a cluster', asked: ask(masters, ''), want: true },
  { name: 'an open path is open to anonymous', asked: ask(anonymous, '', path('/readyz')), want: true },
  { name: 'an open path covers no sub-path', asked: ask(anonymous, '', path('/readyz/ping')), want: false },
  { name: 'a starred open path covers its sub-paths', asked: ask(anonymous, '', path('/open/a/b')), want: true },
  { name: 'kcp-admin may all in a workspace', asked: ask(admin, 'ws'), want: true },
  { name: 'kcp-admin may nothing without a cluster', asked: ask(admin, '', path('/version')), want: false },
  { name: 'kcp-admin may nothing in an unknown cluster', asked: ask(admin, 'unknown'), want: false },
  { name: 'nobody enters a workspace before it is initialized', asked: ask(admin, 'young'), want: false },
  { name: 'required groups are alternatives; kcp-admin is one', asked: ask(admin, 'closed'), want: true },
  { name: 'a user without access may not even discover', asked: ask(eve, 'ws', path('/api')), want: false },
  {
    name: 'ServiceAccounts discover their own cluster',
    asked: ask(serviceAccount('ws'), 'ws', path('/api')),
    want: true,
  },
  { name: 'and no other one', asked: ask(serviceAccount('ws'), 'root', path('/api')), want: false },
  { name: 'ServiceAccounts read nothing without bindings', asked: ask(serviceAccount('ws'), 'ws'), want: false },
  {
    name: 'status of bindings is closed to kcp-admin',
    asked: ask(admin, 'ws', { group: 'apis.kcp.io', resource: 'apibindings', subresource: 'status' }),
    want: false,
  },
  {
    name: 'the provider of an API caps what kcp-admin may',
    asked: ask(admin, 'ws', { group: 'example.io', resource: 'things' }),
    want: false,
  },
]
test('the chain of kcp', async t => {
  const { authorize } = await world()
  for (const { name, asked, want } of table) {
    await t.test(name, async () => assert.equal((await authorize(asked)).verdict === 'allow', want))
  }
})

test('a binding counts from the first request after it, and no longer than it exists', async () => {
  const { authorize, put, remove } = await world()
  const mayDiscover = async (): Promise<boolean> => (await authorize(ask(eve, 'ws', path('/api')))).verdict === 'allow'
  assert.equal(await mayDiscover(), false)
  await put('ws', access)
  assert.equal(await mayDiscover(), true)
  await remove('ws', access)
  assert.equal(await mayDiscover(), false)
})

test('roles of a workspace and of system:admin count there, and access is not inherited', async () => {
  const { authorize, put } = await world()
  await put('ws', access)
  await put('ws', role('reader', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }], 'default'))
  await put('ws', {
    ...binding('reader', 'reader', { kind: 'User', name: 'eve' }),
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: 'default' },
    roleRef: { apiGroup: group, kind: 'Role', name: 'reader' },
  })
  assert.equal((await authorize(ask(eve, 'ws'))).verdict, 'allow')
  assert.equal((await authorize(ask(eve, 'ws', { namespace: 'other' }))).verdict, 'no-opinion')
  assert.equal((await authorize(ask(eve, 'root'))).verdict, 'no-opinion')
})

test('required groups: one alternative is enough; a deep review does not ask for them', async () => {
  const { authorize, authorizeDeep, put } = await world()
  await put('closed', binding('all', 'cluster-admin', { kind: 'User', name: 'eve' }))
  assert.equal((await authorize(ask(eve, 'closed'))).verdict, 'deny')
  assert.equal((await authorizeDeep(ask(eve, 'closed'))).verdict, 'allow')
  for (const groups of [['a', 'b'], ['c']]) {
    assert.equal((await authorize(ask({ ...eve, groups }, 'closed'))).verdict, 'allow')
  }
})

test('a maximal permission policy is RBAC in the cluster of the provider for the prefixed names', async () => {
  const { authorize, put } = await world()
  const thing = { group: 'example.io', resource: 'things' }
  await put('provider', role('max', [{ apiGroups: ['example.io'], resources: ['*'], verbs: ['get'] }]))
  await put('provider', binding('max', 'max', { kind: 'Group', name: 'apis.kcp.io:binding:system:authenticated' }))
  assert.equal((await authorize(ask(admin, 'ws', thing))).verdict, 'allow')
  assert.equal((await authorize(ask(admin, 'ws', { ...thing, verb: 'delete' }))).verdict, 'no-opinion')
})
