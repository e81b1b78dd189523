import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clusterAnnotation, type KubeObject, type WatchEvent } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { readText } from '../../api-client/resources/response.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { connectServer } from '../../api-client/transport/undici-transport.ts'
import { fixedToken, withToken } from '../../api-client/transport/with-token.ts'
import {
  addPhysicalCluster,
  addWorkspace,
  bindCompute,
  clientBelow,
  configMaps,
  deployment,
  deployments,
  namespaces,
  type PhysicalCluster,
  syncTargets,
} from '../harness/compute.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { until } from '../harness/until.ts'

let kcp: TestKcp
let apps: Client
let physical: PhysicalCluster
let all: Client
let mine: Client
/** The first event of a watch that began before anybody had bound the API. */
let firstEvent: Promise<WatchEvent | undefined>
const stop = new AbortController()

before(async () => {
  kcp = await startTestKcp({ args: ['--batteries-included=root-compute-workspace,workspace-types,user'] })
  await addWorkspace(kcp.masters, 'root', 'locations')
  physical = await addPhysicalCluster(kcp.masters, 'root:locations', 'kind')
  const syncer = clientBelow(kcp.masters, physical.syncerPath)
  all = syncer.cluster('*')
  const list = await all.list(deployments)
  assert.deepEqual(list.items, [])
  firstEvent = first(all.watch(deployments, { resourceVersion: list.metadata.resourceVersion, signal: stop.signal }))
  apps = await addWorkspace(kcp.masters, 'root', 'apps')
  await bindCompute(apps, 'root:locations')
  const { metadata } = await apps.get(namespaces, { name: 'default' })
  mine = syncer.cluster(metadata.annotations?.[clusterAnnotation] ?? '')
})
after(async () => {
  stop.abort()
  await kcp[Symbol.asyncDispose]()
})

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item
  return undefined
}

const label = () => `state.workload.kcp.io/${physical.key}`
const finalizer = () => `workload.kcp.io/syncer-${physical.key}`

async function createSynced(name: string, metadata: object = {}): Promise<KubeObject> {
  await apps.create(deployments, deployment(name, metadata))
  await until(apps, { gvr: deployments, name }, each => each?.metadata.labels?.[label()] === 'Sync')
  return mine.get(deployments, { namespace: 'default', name })
}

function messageOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'no error',
    error => (error instanceof StatusError ? `${error.code} ${error.message}` : String(error)),
  )
}

test('an object is taken, reported and released', async () => {
  const seen = await createSynced('life')
  const event = await firstEvent
  assert.equal(event?.type, 'ADDED')
  assert.equal(event?.object.metadata.name, 'life')
  const taken = await mine.update(deployments, { ...seen, metadata: { ...seen.metadata, finalizers: [finalizer()] } })
  const reported = await mine.update(deployments, { ...taken, status: { replicas: 3 } }, { subresource: 'status' })
  assert.deepEqual(reported.status, { replicas: 3 })
  const stored = await apps.get(deployments, { namespace: 'default', name: 'life' })
  assert.deepEqual(stored.status, { replicas: 3 })
  assert.equal(
    stored.metadata.annotations?.[`diff.syncer.internal.kcp.io/${physical.key}`],
    '{"status":"##promoted##"}',
  )
  await apps.delete(deployments, { namespace: 'default', name: 'life' })
  const deletion = `deletion.internal.workload.kcp.io/${physical.key}`
  await until(apps, { gvr: deployments, name: 'life' }, each => each?.metadata.annotations?.[deletion] !== undefined)
  const deleting = await mine.get(deployments, { namespace: 'default', name: 'life' })
  assert.ok(deleting.metadata.deletionTimestamp)
  await mine.update(deployments, { ...deleting, metadata: { ...deleting.metadata, finalizers: [] } })
  await until(apps, { gvr: deployments, name: 'life' }, each => each === undefined)
})

test('a patch is a read and an update of the view', async () => {
  await createSynced('patched')
  const body = { metadata: { finalizers: [finalizer()], labels: { ignored: 'x' } } }
  const target = { namespace: 'default', name: 'patched' }
  const patched = await mine.patch(deployments, target, { type: 'merge', body })
  assert.deepEqual(patched.metadata.finalizers, [finalizer()])
  assert.equal(patched.metadata.labels?.ignored, undefined)
})

test('refusals have the words of Go kcp', async () => {
  const view = await createSynced('refused')
  const hash = physical.syncTarget.status?.syncedResources?.[0]?.identityHash
  const target = { namespace: 'default', name: 'refused' }
  const resource = `deployments:${hash}`
  const table: [Promise<unknown>, string][] = [
    [
      mine.create(deployments, deployment('new')),
      '405 create is not supported on resources of kind "deployments.apps"',
    ],
    [mine.delete(deployments, target), '405 delete is not supported on resources of kind "deployments.apps"'],
    [
      mine.deleteCollection(configMaps, { namespace: 'default' }),
      '405 deletecollection is not supported on resources of kind "configmaps"',
    ],
    [mine.get(deployments, { namespace: 'default', name: 'none' }), '404 deployments.apps "none" not found'],
    [
      mine.update(deployments, { ...view, metadata: { ...view.metadata, name: 'none' } }),
      '404 deployments.apps "none" not found',
    ],
    [all.get(deployments, target), '404 the server could not find the requested resource'],
    [
      mine.update(deployments, { ...view, metadata: { ...view.metadata, resourceVersion: '1' } }),
      `409 Operation cannot be fulfilled on ${resource}.apps "refused": the resource has been modified in the meantime`,
    ],
    [
      mine.update(deployments, { ...view, status: {} }, { subresource: 'status' }),
      `500 Internal error occurred: tried to write resource ${resource}/status(default/refused) though it is not owning it (syncer finalizer doesn't exist)`,
    ],
  ]
  for (const [request, want] of table) assert.equal(await messageOf(request), want)
})

test('only objects of this target are shown', async () => {
  await createSynced('shown')
  await apps.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'default' } })
  await until(apps, { gvr: configMaps, name: 'x' }, each => each?.metadata.labels?.[label()] === 'Sync')
  const { items } = await all.list(configMaps)
  assert.ok(items.some(({ metadata }) => metadata.name === 'x'))
  assert.ok(items.every(({ metadata }) => metadata.labels?.[label()] === 'Sync'))
})

test('a broken annotation of one tenant does not hide the others', async () => {
  const annotations = {
    'experimental.summarizing.workload.kcp.io': 'garbage',
    [`experimental.spec-diff.workload.kcp.io/${physical.key}`]: 'garbage',
  }
  await createSynced('broken', { annotations })
  const { items } = await all.list(deployments)
  assert.ok(items.some(({ metadata }) => metadata.name === 'broken'))
})

test('discovery lists what is synced, without pods', async () => {
  const read = async (path: string) => {
    const response = await all.request({ method: 'GET', path, headers: {} })
    return { code: response.status, text: await readText(response) }
  }
  const core = JSON.parse((await read('/api/v1')).text) as { resources: { name: string; verbs: string[] }[] }
  const names = core.resources.map(({ name }) => name).sort()
  const want = [
    'configmaps',
    'namespaces',
    'namespaces/status',
    'secrets',
    'serviceaccounts',
    'services',
    'services/status',
  ]
  assert.deepEqual(names, want)
  assert.deepEqual(core.resources[0]?.verbs, ['get', 'list', 'patch', 'update', 'watch'])
  assert.deepEqual(await read('/apis/none.io'), { code: 404, text: '404 page not found\n' })
  assert.equal((await read('/version')).code, 404)
})

test('who may not sync, and what is no SyncTarget', async () => {
  const admin = clientBelow(kcp.admin, physical.syncerPath).cluster('*')
  assert.deepEqual((await admin.list(namespaces)).kind, 'NamespaceList')
  await using connection = connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } })
  const anybody = createClient(withToken(connection.transport, fixedToken(kcp.tokens.user ?? '')))
  const user = clientBelow(anybody, physical.syncerPath).cluster('*')
  const refused =
    '403 namespaces is forbidden: User "user" cannot list resource "namespaces" in API group "" at the cluster scope: access denied'
  assert.equal(await messageOf(user.list(namespaces)), refused)
  const wrongUid = physical.syncerPath.replace(/[^/]+$/, 'c0ffee')
  const path = `${wrongUid}/clusters/*/api/v1/namespaces`
  const want = `403 forbidden: User "kcp-admin" cannot get path "${path}": Path not resolved to a valid virtual workspace`
  assert.equal(await messageOf(clientBelow(kcp.admin, wrongUid).cluster('*').list(namespaces)), want)
})

test('pods come up through the upsyncer workspace', async () => {
  const pods = { group: '', version: 'v1', resource: 'pods' }
  const { metadata } = await apps.get(namespaces, { name: 'default' })
  const up = clientBelow(kcp.masters, physical.upsyncerPath).cluster(metadata.annotations?.[clusterAnnotation] ?? '')
  const pod = (name: string, labels: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  })
  const selector = `label selector [{"${label()}" "=" ["Upsync"]}] does not match labels map[]`
  assert.equal(await messageOf(up.create(pods, pod('bare', {}))), `400 ${selector}`)
  const created = await up.create(pods, pod('up', { [label()]: 'Upsync' }))
  await up.update(pods, { ...created, status: { phase: 'Running' } }, { subresource: 'status' })
  assert.deepEqual((await apps.get(pods, { namespace: 'default', name: 'up' })).status, { phase: 'Running' })
  await up.delete(pods, { namespace: 'default', name: 'up' })
  assert.equal(await messageOf(apps.get(pods, { namespace: 'default', name: 'up' })), '404 pods "up" not found')
})

test('watches end when their resource is no longer accepted', async () => {
  const { resourceVersion } = (await all.list(deployments)).metadata
  const events = all.watch(deployments, { resourceVersion, signal: stop.signal })[Symbol.asyncIterator]()
  const running = events.next()
  await createSynced('last')
  assert.equal((await running).value?.object.metadata.name, 'last')
  const location = kcp.masters.cluster('root:locations')
  await location.patch(syncTargets, { name: 'kind' }, { type: 'merge', body: { spec: { supportedAPIExports: [] } } })
  let next = await events.next()
  while (!next.done) next = await events.next()
  assert.equal(stop.signal.aborted, false)
  assert.equal(await messageOf(all.list(deployments)), '404 the server could not find the requested resource')
})
