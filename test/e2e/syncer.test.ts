// The syncer between a real kcp and a simulated physical cluster, all in this process.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import {
  configMaps,
  deployments,
  downstreamNamespace,
  eventually,
  find,
  namespaces,
  type RunningSyncer,
  type SeenRequest,
  type Synced,
  startSynced,
  syncTargets,
} from '../harness/synced.ts'

const namespace = 'default'

describe('a synced workspace', () => {
  let synced: Synced
  let syncer: RunningSyncer
  let apps: Client
  let cluster = ''
  let at = ''
  before(async () => {
    synced = await startSynced()
    syncer = await synced.startSyncer()
    apps = await synced.workspace('apps')
    cluster = await clusterOf(apps)
    at = await downstreamNamespace(synced.downstream, cluster, namespace)
  })
  after(() => synced[Symbol.asyncDispose]())

  const down = <T extends KubeObject>(gvr: typeof configMaps, name: string) =>
    find<T>(synced.downstream, gvr, { namespace: at, name })
  const writesOf = (name: string): SeenRequest[] => syncer.requests.filter(r => isWrite(r) && namesObject(r, name))

  /** A response may reach us through the other side before the syncer has recorded it. */
  const writesAre = (name: string, count: number) =>
    eventually(`${count} writes of ${name}`, async () => {
      const writes = writesOf(name)
      return writes.length >= count ? methods(writes) : undefined
    })

  test('a ConfigMap takes two writes: finalizer, apply', async () => {
    await apps.create(configMaps, configMap('two-writes', { color: 'blue' }))
    const copy = await eventually('the copy', () => down(configMaps, 'two-writes'))
    assert.deepEqual(copy.data, { color: 'blue' })
    assert.equal(copy.metadata.annotations, undefined)
    assert.deepEqual(Object.keys(copy.metadata.labels ?? {}), ['internal.workload.kcp.io/cluster'])
    assert.deepEqual(await writesAre('two-writes', 2), ['PUT', 'PATCH'])
  })

  test('a change takes one write, a change that does not flow down none', async () => {
    await apps.create(configMaps, configMap('changing', { color: 'blue' }))
    await eventually('the copy', () => down(configMaps, 'changing'))
    const patch = (body: unknown) => apps.patch(configMaps, { namespace, name: 'changing' }, { type: 'merge', body })
    await patch({ metadata: { finalizers: ['example.com/mine', ...(await finalizersOf(apps, 'changing'))] } })
    await patch({ data: { color: 'green' } })
    await eventually(
      'the change',
      async () =>
        ((await down(configMaps, 'changing'))?.data as { color: string } | undefined)?.color === 'green' || undefined,
    )
    assert.deepEqual(await writesAre('changing', 3), ['PUT', 'PATCH', 'PATCH'])
  })

  test('a Deployment runs, and its status is seen upstream', async () => {
    await apps.create(deployments, deployment('web'))
    const ready = await eventually('1 ready replica upstream', async () => {
      const found = await find<Deployment>(apps, deployments, { namespace, name: 'web' })
      return found?.status?.readyReplicas === 1 ? found : undefined
    })
    assert.equal(ready.status?.readyReplicas, 1)
    const copy = await down<Deployment>(deployments, 'web')
    const pod = copy?.spec.template.spec
    assert.equal(pod?.automountServiceAccountToken, false)
    assert.ok(pod?.containers[0]?.env?.some(({ name }) => name === 'KUBERNETES_SERVICE_HOST'))
  })

  test('what is changed or deleted downstream is put back', async () => {
    await apps.create(configMaps, configMap('drifting', { color: 'blue' }))
    const first = await eventually('the copy', () => down(configMaps, 'drifting'))
    const target = { namespace: at, name: 'drifting' }
    await synced.downstream.patch(configMaps, target, {
      type: 'merge',
      body: { data: { color: 'red', mine: 'stays' } },
    })
    const repaired = await eventually('the repair', async () => {
      const copy = await down(configMaps, 'drifting')
      return (copy?.data as { color?: string } | undefined)?.color === 'blue' ? copy : undefined
    })
    assert.deepEqual(repaired.data, { color: 'blue', mine: 'stays' })
    await synced.downstream.delete(configMaps, target)
    await eventually('another copy', async () => {
      const copy = await down(configMaps, 'drifting')
      return copy && copy.metadata.uid !== first.metadata.uid ? true : undefined
    })
  })

  test('deleted upstream: deleted downstream by uid, then released', async () => {
    await apps.create(configMaps, configMap('leaving', {}))
    await eventually('the copy', () => down(configMaps, 'leaving'))
    await apps.delete(configMaps, { namespace, name: 'leaving' })
    await eventually('the end', async () =>
      (await find(apps, configMaps, { namespace, name: 'leaving' })) ? undefined : true,
    )
    assert.equal(await down(configMaps, 'leaving'), undefined)
    assert.deepEqual(await writesAre('leaving', 4), ['PUT', 'PATCH', 'DELETE', 'PUT'])
  })

  test('two workspaces with the same names do not meet', async () => {
    const others = await synced.workspace('others')
    const otherAt = await downstreamNamespace(synced.downstream, await clusterOf(others), namespace)
    assert.notEqual(otherAt, at)
    await apps.create(configMaps, configMap('same', { of: 'apps' }))
    await others.create(configMaps, configMap('same', { of: 'others' }))
    const other = await eventually('the other copy', () =>
      find(synced.downstream, configMaps, { namespace: otherAt, name: 'same' }),
    )
    assert.deepEqual(other.data, { of: 'others' })
    assert.deepEqual((await eventually('the copy', () => down(configMaps, 'same'))).data, { of: 'apps' })
    await others.delete(configMaps, { namespace, name: 'same' })
    await eventually('its end', async () =>
      (await find(synced.downstream, configMaps, { namespace: otherAt, name: 'same' })) ? undefined : true,
    )
    assert.ok(await down(configMaps, 'same'))
  })

  test('restarted in sync, it writes no object', async () => {
    await apps.create(configMaps, configMap('restart', {}))
    await eventually('the copy', () => down(configMaps, 'restart'))
    await syncer.stop()
    syncer = await synced.startSyncer()
    await apps.create(configMaps, configMap('after-restart', {}))
    await eventually('the copy of a later one', () => down(configMaps, 'after-restart'))
    const writes = syncer.requests.filter(r => isWrite(r) && !namesObject(r, 'after-restart'))
    assert.deepEqual(
      writes.filter(r => !/\/synctargets\/|selfsubjectaccessreviews/.test(r.path)),
      [],
    )
  })

  test('what happened while it was away is caught up', async () => {
    for (const name of ['away-changed', 'away-deleted', 'away-drifted']) {
      await apps.create(configMaps, configMap(name, { color: 'blue' }))
      await eventually(`the copy of ${name}`, () => down(configMaps, name))
    }
    await syncer.stop()
    const change = { type: 'merge', body: { data: { color: 'green' } } } as const
    await apps.patch(configMaps, { namespace, name: 'away-changed' }, change)
    await apps.delete(configMaps, { namespace, name: 'away-deleted' })
    await synced.downstream.patch(configMaps, { namespace: at, name: 'away-drifted' }, change)
    syncer = await synced.startSyncer()
    const colorOf = async (name: string) =>
      ((await down(configMaps, name))?.data as { color?: string } | undefined)?.color
    await eventually('the change', async () => (await colorOf('away-changed')) === 'green' || undefined)
    await eventually('the repair', async () => (await colorOf('away-drifted')) === 'blue' || undefined)
    await eventually('the end', async () =>
      (await find(apps, configMaps, { namespace, name: 'away-deleted' })) ? undefined : true,
    )
    assert.equal(await down(configMaps, 'away-deleted'), undefined)
  })

  test('a deleted namespace goes downstream, too, when nothing of ours is left in it', async () => {
    await apps.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } })
    const copy = await downstreamNamespace(synced.downstream, cluster, 'short')
    await apps.delete(namespaces, { name: 'short' })
    await eventually('the end upstream', async () =>
      (await find(apps, namespaces, { name: 'short' })) ? undefined : true,
    )
    await eventually('the end downstream', async () =>
      (await find(synced.downstream, namespaces, { name: copy })) ? undefined : true,
    )
  })

  test('a namespace that someone else uses downstream is kept', async () => {
    await apps.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } })
    const copy = await downstreamNamespace(synced.downstream, cluster, 'shared')
    await synced.downstream.create(configMaps, {
      ...configMap('theirs', {}),
      metadata: { name: 'theirs', namespace: copy },
    })
    await apps.delete(namespaces, { name: 'shared' })
    await eventually('the decision', async () =>
      syncer.notes.find(text => text.startsWith('Downstream namespace is kept') && text.includes(copy)),
    )
    assert.ok(await find(synced.downstream, configMaps, { namespace: copy, name: 'theirs' }))
  })

  test('the SyncTarget made anew: one clear line, and nothing downstream changes', async () => {
    const before = await downstreamState(synced.downstream, at)
    syncer.requests.length = 0
    const old = await synced.locations.get(syncTargets, { name: 'east' })
    await synced.locations.delete(syncTargets, { name: 'east' })
    const { apiVersion, kind, spec } = old
    await eventually('the new one', async () => {
      if (await find(synced.locations, syncTargets, { name: 'east' })) return undefined
      return synced.locations.create(syncTargets, { apiVersion, kind, metadata: { name: 'east' }, spec })
    })
    await eventually('the refusal', async () => syncer.complaints.find(text => text.startsWith('refusing to sync')))
    assert.deepEqual(await downstreamState(synced.downstream, at), before)
    await syncer.stop()
    const again = await synced.startSyncer()
    await eventually('the refusal at the start', async () =>
      again.complaints.find(text => text.includes('SyncTarget UID')),
    )
    assert.equal(again.complaints.length, 1)
    assert.deepEqual(again.requests.filter(isWrite), [])
    assert.deepEqual(await downstreamState(synced.downstream, at), before)
  })
})

describe('a syncer that may not do everything', () => {
  test('says so in the SyncTarget, names the command, and syncs the rest', async () => {
    await using synced = await startSynced()
    const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete']
    const allowed = [
      { apiGroups: [''], resources: ['namespaces', 'configmaps', 'secrets', 'services', 'pods'], verbs },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
    ]
    const syncer = await synced.startSyncer({ to: await synced.limitedKubeconfig('limited', allowed) })
    const authorized = (status: string) =>
      eventually(`SyncerAuthorized ${status}`, async () => {
        const { status: of } = await synced.locations.get<SyncTarget>(syncTargets, { name: 'east' })
        return of?.conditions?.find(condition => condition.type === 'SyncerAuthorized' && condition.status === status)
      })
    const { message, reason } = await authorized('False')
    assert.equal(reason, 'SyncerUnauthorized')
    assert.match(message ?? '', /deployments\.apps \(create, patch, delete\)\. Run "kubectl kcp workload sync east /)
    const apps = await synced.workspace('apps')
    const at = await downstreamNamespace(synced.downstream, await clusterOf(apps), namespace)
    await apps.create(configMaps, configMap('permitted', {}))
    await eventually('the copy', () => find(synced.downstream, configMaps, { namespace: at, name: 'permitted' }))
    assert.deepEqual(
      syncer.requests.filter(({ path }) => /\/apis\/apps\/v1\/deployments/.test(path)),
      [],
    )
  })
})

interface SyncTarget extends KubeObject {
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] }
}

interface Deployment extends KubeObject {
  spec: {
    template: { spec: { automountServiceAccountToken?: boolean; containers: { env?: { name: string }[] }[] } }
  }
  status?: { readyReplicas?: number }
}

function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

function deployment(name: string): KubeObject {
  const labels = { app: name }
  const containers = [{ name: 'c', image: 'example.com/image:1' }]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  }
}

async function clusterOf(client: Client): Promise<string> {
  const { metadata } = await client.get(namespaces, { name: namespace })
  return metadata.annotations?.['kcp.io/cluster'] ?? ''
}

async function finalizersOf(client: Client, name: string): Promise<string[]> {
  try {
    return (await client.get(configMaps, { namespace, name })).metadata.finalizers ?? []
  } catch (error) {
    if (isNotFound(error)) return []
    throw error
  }
}

function isWrite({ method }: SeenRequest): boolean {
  return method !== 'GET'
}

function namesObject({ path }: SeenRequest, name: string): boolean {
  return new RegExp(`/${name}(?:[/?]|$)`).test(path)
}

function methods(requests: readonly SeenRequest[]): string[] {
  return requests.map(({ method }) => method)
}

async function downstreamState(client: Client, at: string): Promise<string[]> {
  const lists = await Promise.all([configMaps, deployments].map(gvr => client.list(gvr, { namespace: at })))
  return lists
    .flatMap(({ items }) => items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`))
    .sort()
}
