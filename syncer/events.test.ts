// Events of a namespace and of its objects come by different watches: whatever their order, the upstream object wakes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { downstreamKeyLabel, namespaceLocatorAnnotation, stateLabel, tenantIdLabel } from '../api/names/kcp-keys.ts'
import { formatNamespaceLocator, tenantId } from '../api/names/namespace-locator.ts'
import { clusterAnnotation, type KubeObject } from '../api/objects.ts'
import { silentLog } from '../api-client/log.ts'
import { createManualClock } from '../api-client/manual-clock.ts'
import { createClient } from '../api-client/resources/rest-client.ts'
import type { Transport } from '../api-client/transport/transport.ts'
import { syncTargetIdentity } from './identity.ts'
import { createSyncing } from './syncing.ts'

const syncTarget = syncTargetIdentity({ cluster: 'c', name: 'east', uid: 'uid' })
const { key: _, ...identity } = syncTarget
const locator = { syncTarget: identity, cluster: 'user', namespace: 'team' }
const configMaps = { group: '', version: 'v1', resource: 'configmaps' }

const namespace: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'kcp-team',
    uid: 'n',
    resourceVersion: '5',
    labels: { [downstreamKeyLabel]: syncTarget.key, [tenantIdLabel]: tenantId(locator) },
    annotations: { [namespaceLocatorAnnotation]: formatNamespaceLocator(locator) },
  },
}
const view: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'team',
    uid: 'u',
    resourceVersion: '7',
    labels: { [stateLabel(syncTarget.key)]: 'Sync' },
    finalizers: [`workload.kcp.io/syncer-${syncTarget.key}`],
    annotations: { [clusterAnnotation]: 'user' },
  },
}
const copy: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'kcp-team',
    uid: 'd',
    resourceVersion: '6',
    labels: { [downstreamKeyLabel]: syncTarget.key },
  },
}

interface Watches {
  readonly transport: Transport
  /** An event of the watch whose path contains this. */
  send(resource: string, type: string, object: KubeObject): void
  readonly writes: string[]
}

/** A server with these lists that answers every write with 500, and whose watches the test feeds. */
function server(lists: Record<string, KubeObject[]>): Watches {
  const feeds = new Map<string, (line: string) => void>()
  const writes: string[] = []
  const resourceOf = (path: string) => /([a-z]+)(?:\?|$)/.exec(path)?.[1] ?? ''
  return {
    writes,
    send: (resource, type, object) => feeds.get(resource)?.(`${JSON.stringify({ type, object })}\n`),
    async transport({ method, path }) {
      const resource = resourceOf(path)
      if (method !== 'GET') {
        writes.push(`${method} ${path.replace(/\?.*/, '')}`)
        return { status: 500, headers: {}, body: bytes('{}') }
      }
      if (path.includes('watch=true')) return { status: 200, headers: {}, body: fed(feeds, resource) }
      const list = { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items: lists[resource] ?? [] }
      return { status: 200, headers: {}, body: bytes(JSON.stringify(list)) }
    },
  }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function* fed(feeds: Map<string, (line: string) => void>, resource: string): AsyncGenerator<Uint8Array> {
  const lines: string[] = []
  let wake = () => {}
  feeds.set(resource, line => {
    lines.push(line)
    wake()
  })
  for (;;) {
    const line = lines.shift()
    if (line) yield Buffer.from(line)
    else await new Promise<void>(resolve => (wake = resolve))
  }
}

const turns = async () => {
  for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve))
}

function start(upstream: Watches, downstream: Watches) {
  const stop = new AbortController()
  const clock = createManualClock()
  const syncing = createSyncing({
    syncTarget,
    upstreamUrl: 'https://kcp',
    upstreamClient: createClient(upstream.transport),
    downstreamClient: createClient(downstream.transport),
    namespaceCleanDelayMs: 30_000,
    clock,
    random: () => 0,
    log: silentLog,
    mayWrite: () => true,
    knownResources: () => [configMaps],
  })
  void syncing.run(stop.signal)
  const resource = { kind: 'ConfigMap', singularName: '', namespaced: true, verbs: [], shortNames: [] }
  syncing.start({ ...configMaps, ...resource, categories: [], subresources: [] }, stop.signal)
  return { clock, [Symbol.dispose]: () => stop.abort() }
}

test('a namespace goes, and its objects are told of later: they are made again', async () => {
  const upstream = server({ configmaps: [view], namespaces: [] })
  const downstream = server({ configmaps: [copy], namespaces: [namespace] })
  using _agent = start(upstream, downstream)
  await turns()
  downstream.writes.length = 0
  downstream.send('namespaces', 'DELETED', namespace)
  await turns()
  downstream.send('configmaps', 'DELETED', copy)
  await turns()
  assert.ok(downstream.writes.includes('POST /api/v1/namespaces'))
})

test('an object is told of before its namespace, and nobody upstream has it: it is deleted', async () => {
  const upstream = server({ configmaps: [], namespaces: [] })
  const gone: Transport = async request =>
    request.method === 'GET' && request.path.endsWith('/configmaps/a')
      ? { status: 404, headers: {}, body: bytes(JSON.stringify(notFoundStatus)) }
      : upstream.transport(request)
  const downstream = server({ configmaps: [], namespaces: [] })
  using _agent = start({ ...upstream, transport: gone }, downstream)
  await turns()
  downstream.send('configmaps', 'ADDED', copy)
  await turns()
  downstream.send('namespaces', 'ADDED', namespace)
  await turns()
  assert.deepEqual(downstream.writes, ['DELETE /api/v1/namespaces/kcp-team/configmaps/a'])
})

const notFoundStatus = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code: 404,
  reason: 'NotFound',
  message: 'configmaps "a" not found',
  details: { name: 'a', kind: 'configmaps' },
}
