import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryStore } from '../../storage/memory-store.ts'
import type { Attributes } from '../authorizer.ts'
import { observeWrites } from '../observed-store.ts'
import { createRbacSource } from '../rbac-source.ts'
import { createRbacAuthorizer, localScope } from './rbac-authorizer.ts'

const user = { username: 'bob', groups: ['team'] }
const asked = (verb: string, members: Partial<Attributes> = {}): Attributes => ({
  user,
  cluster: 'one',
  verb,
  isResource: true,
  group: '',
  version: 'v1',
  resource: 'configmaps',
  subresource: '',
  namespace: 'default',
  name: 'a',
  path: '',
  ...members,
})

function rbac() {
  const stored = createMemoryStore()
  const source = createRbacSource(stored)
  const store = observeWrites(stored, source.written)
  const authorize = createRbacAuthorizer(source, ({ cluster }) => [localScope(cluster)])
  const put = (resource: string, path: string, object: object) =>
    store.create(`/registry/rbac.authorization.k8s.io/${resource}/${path}`, Buffer.from(JSON.stringify(object)))
  const role = (path: string, verbs: string[]) =>
    put('clusterroles', path, { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs }] })
  const bind = (name: string, roleName: string) =>
    put('clusterrolebindings', `one/${name}`, {
      roleRef: { kind: 'ClusterRole', name: roleName },
      subjects: [{ kind: 'User', name: 'bob' }],
    })
  const verdict = async (verb: string, members?: Partial<Attributes>) => (await authorize(asked(verb, members))).verdict
  return { store, role, bind, verdict }
}

test('a permission that was used ends with the write that takes its binding, or its role, away', async () => {
  const { store, role, bind, verdict } = rbac()
  await role('one/reader', ['get'])
  const binding = await bind('b', 'reader')
  for (let i = 0; i < 2; i++) assert.equal(await verdict('get'), 'allow')
  await store.delete('/registry/rbac.authorization.k8s.io/clusterrolebindings/one/b', binding)
  assert.equal(await verdict('get'), 'no-opinion')
  await role('system:admin/shared', ['get'])
  await bind('c', 'shared')
  for (let i = 0; i < 2; i++) assert.equal(await verdict('get'), 'allow')
  const { revision = 0 } =
    (await store.get('/registry/rbac.authorization.k8s.io/clusterroles/system:admin/shared')) ?? {}
  await store.delete('/registry/rbac.authorization.k8s.io/clusterroles/system:admin/shared', revision)
  assert.equal(await verdict('get'), 'no-opinion')
})

test('what one role granted says nothing about other verbs, users and clusters', async () => {
  const { role, bind, verdict } = rbac()
  await role('one/reader', ['get'])
  await role('one/writer', ['create'])
  await bind('b', 'reader')
  assert.equal(await verdict('get'), 'allow')
  assert.equal(await verdict('create'), 'no-opinion')
  assert.equal(await verdict('get', { cluster: 'two' }), 'no-opinion')
  assert.equal(await verdict('get', { user: { username: 'eve', groups: [] } }), 'no-opinion')
  await bind('w', 'writer')
  assert.equal(await verdict('create'), 'allow')
  assert.equal(await verdict('get'), 'allow')
})
