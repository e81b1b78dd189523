import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import {
  addPhysicalCluster,
  addWorkspace,
  apiBindings,
  apiExports,
  bindCompute,
  configMaps,
  deployment,
  deployments,
  importComputeApis,
  locations,
  namespaces,
  objectOf,
  type PhysicalCluster,
  phaseOf,
  placements,
  type SyncTarget,
  sendHeartbeat,
  syncTargets,
} from '../harness/compute.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { until } from '../harness/until.ts'

let kcp: TestKcp
let home: Client
let apps: Client
let one: PhysicalCluster

before(async () => {
  kcp = await startTestKcp()
  home = await addWorkspace(kcp.masters, 'root', 'locations')
  one = await addPhysicalCluster(kcp.masters, 'root:locations', 'one')
  apps = await addWorkspace(kcp.masters, 'root', 'apps')
  await bindCompute(apps, 'root:locations')
})
after(() => kcp[Symbol.asyncDispose]())

const stateOf = (object: KubeObject | undefined, key: string) =>
  object?.metadata.labels?.[`state.workload.kcp.io/${key}`]
const deletionOf = (object: KubeObject | undefined, key: string) =>
  object?.metadata.annotations?.[`deletion.internal.workload.kcp.io/${key}`]

test('the first SyncTarget brings a Location, an export and a binding', async () => {
  assert.equal(one.syncTarget.metadata.labels?.['internal.workload.kcp.io/key'], one.key)
  const isCounted = (each?: KubeObject) => (each?.status as { availableInstances?: number })?.availableInstances === 1
  await until(home, { gvr: locations, name: 'default' }, isCounted)
  await until(home, { gvr: apiBindings, name: 'kubernetes' }, each => phaseOf(each) === 'Bound')
  const marked = 'workload.kcp.io/skip-default-object-creation'
  await until(home, { gvr: apiExports, name: 'kubernetes' }, each => each?.metadata.annotations?.[marked] === 'true')
})

test('synced resources in the order of Go kcp', () => {
  const names = one.syncTarget.status?.syncedResources?.map(({ resource }) => resource)
  assert.deepEqual(names, ['services', 'pods', 'ingresses', 'deployments'])
})

test('namespaces and what is in them are labelled, those of the system are not', async () => {
  const system = objectOf('v1', 'Namespace', 'kube-system')
  await apps.create(namespaces, system)
  await apps.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'kube-system' },
  })
  await apps.create(deployments, deployment('a'))
  await apps.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', namespace: 'default' } })
  await until(apps, { gvr: namespaces, name: 'default' }, each => stateOf(each, one.key) === 'Sync')
  await until(apps, { gvr: deployments, name: 'a' }, each => stateOf(each, one.key) === 'Sync')
  await until(apps, { gvr: configMaps, name: 'b' }, each => stateOf(each, one.key) === 'Sync')
  assert.equal(stateOf(await apps.get(configMaps, { namespace: 'kube-system', name: 'a' }), one.key), undefined)
  const untouched = await apps.get(namespaces, { name: 'kube-system' })
  assert.equal(untouched.metadata.annotations?.['scheduling.kcp.io/placement'], undefined)
})

test('a namespace that exists before its placement is scheduled with all that is in it', async () => {
  const late = await addWorkspace(kcp.masters, 'root', 'late')
  await late.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'old', namespace: 'default' },
  })
  await bindCompute(late, 'root:locations')
  await until(late, { gvr: configMaps, name: 'old' }, each => stateOf(each, one.key) === 'Sync')
})

test('cordon moves work to another target, and a deleted target leaves no trace', async () => {
  const two = await addPhysicalCluster(kcp.masters, 'root:locations', 'two')
  await apps.create(deployments, deployment('moved', { finalizers: [`workload.kcp.io/syncer-${one.key}`] }))
  await until(apps, { gvr: deployments, name: 'moved' }, each => stateOf(each, one.key) === 'Sync')
  await home.patch(syncTargets, { name: 'one' }, { type: 'merge', body: { spec: { unschedulable: true } } })
  const moved = await until(
    apps,
    { gvr: deployments, name: 'moved' },
    each => stateOf(each, two.key) === 'Sync' && deletionOf(each, one.key) !== undefined,
  )
  assert.equal(stateOf(moved, one.key), 'Sync')
  await home.delete(syncTargets, { name: 'one' })
  await until(apps, { gvr: deployments, name: 'moved' }, each => stateOf(each, one.key) === undefined)
  const left = await apps.get(deployments, { namespace: 'default', name: 'moved' })
  assert.equal(left.metadata.finalizers, undefined)
  assert.equal(deletionOf(left, one.key), undefined)
  const placement = await apps.get(placements, { name: 'default' })
  assert.equal(placement.metadata.annotations?.['internal.workload.kcp.io/synctarget'], two.key)
})

test('the local export of a workspace has what its clusters have', async () => {
  const own = await addWorkspace(kcp.masters, 'root', 'own')
  await own.create(syncTargets, { ...objectOf('workload.kcp.io/v1alpha1', 'SyncTarget', 'k'), spec: {} })
  await importComputeApis(kcp.masters, 'root:own', 'k')
  interface Status {
    syncedResources?: { state: string }[]
  }
  const accepted = (each?: KubeObject) => {
    const { syncedResources = [] } = (each?.status ?? {}) as Status
    return syncedResources.length === 4 && syncedResources.every(({ state }) => state === 'Accepted')
  }
  await until(own, { gvr: syncTargets, name: 'k' }, accepted)
  const { spec } = await own.get(apiExports, { name: 'kubernetes' })
  const { latestResourceSchemas } = spec as { latestResourceSchemas: string[] }
  const names = latestResourceSchemas.map(name => name.replace(/^rev-\d+\./, ''))
  assert.deepEqual(names, ['deployments.apps', 'ingresses.networking.k8s.io', 'pods.core', 'services.core'])
})

test('a silent target keeps its work until another one takes it, also over a restart', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'kcp-silent-'))
  t.after(() => rm(directory, { recursive: true }))
  const options = { directory, args: ['--sync-target-heartbeat-threshold=2500ms'] }
  const isReady = (each?: SyncTarget) =>
    each?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
  let silent: PhysicalCluster
  {
    await using first = await startTestKcp(options)
    const place = await addWorkspace(first.masters, 'root', 'locations')
    const work = await addWorkspace(first.masters, 'root', 'work')
    silent = await whileBeating(place, 'silent', async () => {
      const added = await addPhysicalCluster(first.masters, 'root:locations', 'silent')
      await bindCompute(work, 'root:locations')
      await work.create(deployments, deployment('d'))
      await until(work, { gvr: deployments, name: 'd' }, each => stateOf(each, added.key) === 'Sync')
      return added
    })
    await until<SyncTarget>(place, { gvr: syncTargets, name: 'silent' }, each => !isReady(each))
  }
  await using second = await startTestKcp(options)
  const work = second.masters.cluster('root:work')
  const kept = await work.get(deployments, { namespace: 'default', name: 'd' })
  assert.equal(stateOf(kept, silent.key), 'Sync')
  assert.equal(deletionOf(kept, silent.key), undefined)
  const moved = await whileBeating(second.masters.cluster('root:locations'), 'other', async () => {
    const other = await addPhysicalCluster(second.masters, 'root:locations', 'other')
    return until(work, { gvr: deployments, name: 'd' }, each => stateOf(each, other.key) === 'Sync')
  })
  assert.notEqual(moved, undefined)
})

const beatEveryMs = 500

/** However slow the machine is, this SyncTarget is not silent meanwhile; one that is not there yet misses nothing. */
async function whileBeating<T>(local: Client, name: string, work: () => Promise<T>): Promise<T> {
  const beat = () => sendHeartbeat(local, name).catch(() => undefined)
  const timer = setInterval(() => void beat(), beatEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
