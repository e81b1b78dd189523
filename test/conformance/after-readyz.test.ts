// What is asked in the moment a server over many workspaces says it is ready is answered as ever: nothing of what
// decides about requests is still on its way.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { startTestKcp } from '../harness/kcp.ts'
import { until } from '../harness/until.ts'

const gvr = (group: string, version: string, resource: string): GroupVersionResource => ({ group, version, resource })
const workspaces = gvr('tenancy.kcp.io', 'v1alpha1', 'workspaces')
const configMaps = gvr('', 'v1', 'configmaps')
const namespaces = gvr('', 'v1', 'namespaces')
const serviceAccounts = gvr('', 'v1', 'serviceaccounts')
const crds = gvr('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')
const roles = gvr('rbac.authorization.k8s.io', 'v1', 'clusterroles')
const roleBindings = gvr('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings')
const bindings = gvr('apis.kcp.io', 'v1alpha1', 'apibindings')

const count = 30
const names = Array.from({ length: count }, (_, index) => `w${index}`)
const workspace = (name: string) => ({ apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name } })
const isReady = (object: (KubeObject & { status?: { phase?: string } }) | undefined) =>
  object?.status?.phase === 'Ready'
const crd = (name: string, plural: string, singular: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  spec: {
    group: 'ex.io',
    scope: 'Namespaced',
    names: { plural, singular, kind: 'Widget', listKind: 'WidgetList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
})
type Crd = KubeObject & { status?: { conditions?: { type: string; status: string; reason?: string }[] } }

const directory = await mkdtemp(join(tmpdir(), 'kcp-ready-'))
after(() => rm(directory, { recursive: true }))

async function fill(): Promise<void> {
  await using kcp = await startTestKcp({ directory })
  const root = kcp.admin.cluster('root')
  await Promise.all(names.map(name => root.create(workspaces, workspace(name))))
  await Promise.all(names.map(name => until(root, { gvr: workspaces, name }, isReady)))
  const local = kcp.admin.cluster('root:w7')
  const rbac = 'rbac.authorization.k8s.io'
  await local.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } })
  await local.create(crds, crd('widgets.ex.io', 'widgets', 'widget'))
  await until<Crd>(local, { gvr: crds, name: 'widgets.ex.io' }, found =>
    (found?.status?.conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True'),
  )
  const rules = [
    { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] },
    { verbs: ['access'], nonResourceURLs: ['/'] },
  ]
  await local.create(roles, { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'reader' }, rules })
  await local.create(roleBindings, {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'reader' },
  } as KubeObject)
}

test('right after readyz', async () => {
  await fill()
  await using kcp = await startTestKcp({ directory })
  const root = kcp.admin.cluster('root')
  const local = kcp.admin.cluster('root:w7')
  const asAccount = async (path: string, resource: string) => {
    const user = 'system:serviceaccount:default:default'
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: { name: '' },
      spec: {
        user,
        groups: ['system:serviceaccounts', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/cluster-name': [await clusterOf('w7')] },
        resourceAttributes: { namespace: 'default', verb: 'get', group: '', version: 'v1', resource, name: 'c' },
      },
    }
    const reviews = gvr('authorization.k8s.io', 'v1', 'subjectaccessreviews')
    const { status } = await kcp.admin
      .cluster(path)
      .create<KubeObject & { status?: { allowed?: boolean } }>(reviews, review)
    return status?.allowed
  }
  const clusterOf = async (name: string) =>
    (await root.get<KubeObject & { spec: { cluster: string } }>(workspaces, { name })).spec.cluster
  const [made, twice, allowed, refused, bound, inside, widgets] = await Promise.all([
    root.create(workspaces, workspace('new')).then(() => until(root, { gvr: workspaces, name: 'new' }, isReady)),
    root.create(workspaces, workspace('w3')).catch(error => error.code),
    asAccount('root:w7', 'configmaps'),
    asAccount('root:w7', 'secrets'),
    Promise.all(names.map(name => kcp.admin.cluster(`root:${name}`).list(bindings))),
    kcp.admin.cluster('root:w29').list(workspaces),
    local.list(gvr('ex.io', 'v1', 'widgets')),
    local.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }),
    local.create(crds, crd('gadgets.ex.io', 'gadgets', 'widget')),
  ])
  assert.ok(isReady(made))
  assert.equal(twice, 409)
  assert.equal(allowed, true)
  assert.equal(refused, false)
  assert.deepEqual(new Set(bound.map(({ items }) => items.length)), new Set([bound[0]?.items.length]))
  assert.deepEqual(inside.items, [])
  assert.deepEqual(widgets.items, [])
  // A name that is taken stays so, and a new namespace gets its account.
  const conflict = (found: Crd | undefined) =>
    (found?.status?.conditions ?? []).some(
      ({ type, reason }) => type === 'NamesAccepted' && /Conflict/.test(reason ?? ''),
    )
  await until<Crd>(local, { gvr: crds, name: 'gadgets.ex.io' }, conflict)
  await accountIn(local, 'n')
})

async function accountIn(client: Client, namespace: string): Promise<void> {
  const { items, metadata } = await client.list(serviceAccounts, { namespace })
  if (items.length > 0) return
  const { resourceVersion } = metadata
  const signal = AbortSignal.timeout(10_000)
  for await (const { type } of client.watch(serviceAccounts, { namespace, resourceVersion, signal })) {
    if (type === 'ADDED') return
  }
  assert.fail(`${namespace} has no account`)
}
