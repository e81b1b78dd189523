import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterAnnotation, type KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import {
  addPhysicalCluster,
  addWorkspace,
  bindCompute,
  clientBelow,
  deployment,
  deployments,
  namespaces,
  objectOf,
  type PhysicalCluster,
  phaseOf,
  placements,
  syncTargets,
} from '../harness/compute.ts'
import { startTestKcp } from '../harness/kcp.ts'
import { until } from '../harness/until.ts'

const target = { namespace: 'default', name: 'shared' }
const stateOf = (object: KubeObject | undefined, { key }: PhysicalCluster) =>
  object?.metadata.labels?.[`state.workload.kcp.io/${key}`]

interface Shared {
  readonly apps: Client
  readonly east: PhysicalCluster
  readonly west: PhysicalCluster
  /** The workspace as the syncer of a target sees it. */
  viewsOf(physical: PhysicalCluster): Client
}

/** One deployment on two targets; both have taken it and reported 1 and 2 replicas. */
async function shareDeployment(server: Client): Promise<Shared> {
  for (const name of ['east', 'west']) await addWorkspace(server, 'root', name)
  const east = await addPhysicalCluster(server, 'root:east', 'east')
  const west = await addPhysicalCluster(server, 'root:west', 'west')
  const apps = await addWorkspace(server, 'root', 'apps')
  await bindCompute(apps, 'root:east')
  const first = await apps.get(placements, { name: 'default' })
  const spec = { ...(first.spec as object), locationWorkspace: 'root:west' }
  await apps.create(placements, { ...objectOf(first.apiVersion, first.kind, 'second'), spec })
  await until(apps, { gvr: placements, name: 'second' }, each => phaseOf(each) === 'Bound')
  await apps.create(deployments, deployment('shared'))
  const isShared = (each?: KubeObject) => stateOf(each, east) === 'Sync' && stateOf(each, west) === 'Sync'
  await until(apps, { gvr: deployments, name: 'shared' }, isShared)
  const { metadata } = await apps.get(namespaces, { name: 'default' })
  const cluster = metadata.annotations?.[clusterAnnotation] ?? ''
  const viewsOf = (physical: PhysicalCluster) => clientBelow(server, physical.syncerPath).cluster(cluster)
  const reports = [
    { physical: east, status: { replicas: 1 } },
    { physical: west, status: { replicas: 2 } },
  ]
  for (const { physical, status } of reports) {
    const views = viewsOf(physical)
    const seen = await views.get(deployments, target)
    assert.equal(seen.status, undefined)
    const finalizers = [`workload.kcp.io/syncer-${physical.key}`]
    const taken = await views.update(deployments, { ...seen, metadata: { ...seen.metadata, finalizers } })
    await views.update(deployments, { ...taken, status }, { subresource: 'status' })
  }
  return { apps, east, west, viewsOf }
}

test('two targets report side by side; the one that is left speaks for the object', async () => {
  await using kcp = await startTestKcp()
  const { apps, east, west, viewsOf } = await shareDeployment(kcp.masters)
  assert.deepEqual((await viewsOf(east).get(deployments, target)).status, { replicas: 1 })
  assert.deepEqual((await viewsOf(west).get(deployments, target)).status, { replicas: 2 })
  assert.equal((await apps.get(deployments, target)).status, undefined)

  await apps.delete(placements, { name: 'default' })
  const deletion = `deletion.internal.workload.kcp.io/${east.key}`
  await until(apps, { gvr: deployments, name: 'shared' }, each => each?.metadata.annotations?.[deletion] !== undefined)
  const leaving = await viewsOf(east).get(deployments, target)
  assert.ok(leaving.metadata.deletionTimestamp)
  await viewsOf(east).update(deployments, { ...leaving, metadata: { ...leaving.metadata, finalizers: [] } })
  const left = await apps.get(deployments, target)
  assert.deepEqual(left.status, { replicas: 2 })
  assert.deepEqual(left.metadata.finalizers, [`workload.kcp.io/syncer-${west.key}`])
  assert.equal(stateOf(left, east), undefined)
})

test('the other target vanished: the one that is left speaks for the object', async () => {
  await using kcp = await startTestKcp()
  const { apps, east, west, viewsOf } = await shareDeployment(kcp.masters)
  await kcp.masters.cluster('root:east').delete(syncTargets, { name: 'east' })
  const isPromoted = (each?: KubeObject) => (each?.status as { replicas?: number } | undefined)?.replicas === 2
  await until(apps, { gvr: deployments, name: 'shared' }, each => stateOf(each, east) === undefined && isPromoted(each))
  assert.deepEqual((await viewsOf(west).get(deployments, target)).status, { replicas: 2 })
  const { annotations = {} } = (await apps.get(deployments, target)).metadata
  assert.equal(annotations[`diff.syncer.internal.kcp.io/${east.key}`], undefined)
})
