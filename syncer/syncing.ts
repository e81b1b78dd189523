// Joins the folders that carry objects: one pair of caches per resource, one queue down, one queue up, the namespaces.
import { formatKey, type GroupVersionResource, type KubeObject, type ObjectKey } from '../api/objects.ts'
import { createInformer } from '../api-client/cache/create-informer.ts'
import type { Client } from '../api-client/client.ts'
import type { Clock } from '../api-client/clock.ts'
import { runController } from '../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../api-client/controller/work-queue.ts'
import type { Log } from '../api-client/log.ts'
import type { DiscoveredResource } from '../api-client/resources/discovery.ts'
import { connectEvents, connectNamespaces } from './events.ts'
import { gvrId, namespacesGvr, type SyncTargetIdentity } from './identity.ts'
import { withoutEchoes } from './log.ts'
import { namespaceContent } from './namespace-content.ts'
import { createCleaning } from './namespaces/cleaning.ts'
import { createDownstreamNamespaces } from './namespaces/downstream-namespaces.ts'
import { createBodyCache } from './objects/body-cache.ts'
import { createSyncedKind, type ObservedKind } from './objects/synced-kind.ts'
import { statusHash } from './objects/upstream-record.ts'
import { createSpecReconcile } from './spec/reconcile.ts'
import { specDependencies } from './spec-dependencies.ts'
import { createStatusReconcile } from './status/reconcile.ts'
import { downstreamPart } from './transforms/downstream-object.ts'
import { downstreamName } from './transforms/names.ts'

export interface SyncingOptions {
  readonly syncTarget: SyncTargetIdentity
  readonly upstreamUrl: string
  /** Of the syncer virtual workspace. */
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly namespaceCleanDelayMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  mayWrite(): boolean
  /** All resources of which objects of ours may exist downstream. */
  knownResources(): readonly GroupVersionResource[]
}

export interface Syncing {
  start(resource: DiscoveredResource, signal: AbortSignal): void
  stop(gvr: GroupVersionResource): void
  run(signal: AbortSignal): Promise<void>
}

const workers = 16

interface RunningKind {
  readonly kind: ObservedKind
  readonly stop: AbortController
  readonly done: Promise<void>
}

export function createSyncing(given: SyncingOptions): Syncing {
  const options = { ...given, log: withoutEchoes(given.log) }
  const { clock, random, log } = options
  const kinds = new Map<string, RunningKind>()
  const all = () => [...kinds.values()].map(({ kind }) => kind)
  const kindOf = (id: string) => kinds.get(id)?.kind
  const specQueue = createWorkQueue({ clock, random })
  const statusQueue = createWorkQueue({ clock, random })
  const parts = namespaceParts(options, all)
  const { namespaces, cleaning } = parts
  const settled = (key: string) => statusQueue.add(key)
  const spec = specDependencies({ ...options, kindOf, namespaces, settled, emptied: cleaning.plan })
  const reconcileSpec = createSpecReconcile(spec)
  const reconcileStatus = createStatusReconcile({ ...options, kindOf, statusHash, downstreamKey: spec.downstreamKey })
  const bodies = { upstreamBodies: createBodyCache(), downstreamBodies: createBodyCache() }
  const targets = { ...parts, specQueue, statusQueue, kinds: all, syncTarget: options.syncTarget }
  connectNamespaces(targets)
  return {
    start({ group, version, resource, kind: kindName, namespaced }, signal) {
      const gvr = { group, version, resource }
      const kind = createSyncedKind({ ...options, ...bodies, flowing, gvr, kind: kindName, namespaced })
      connectEvents(kind, targets)
      const stop = new AbortController()
      const both = AbortSignal.any([signal, stop.signal])
      // Downstream keys are mapped through their namespaces.
      const done = Promise.race([namespaces.synced, fired(both)]).then(() => kind.run(both))
      kinds.set(kind.id, { kind, stop, done })
    },
    stop(gvr) {
      kinds.get(gvrId(gvr))?.stop.abort()
      kinds.delete(gvrId(gvr))
    },
    async run(signal) {
      const spec = { name: 'kcp-workload-syncer-spec', queue: specQueue, reconcile: reconcileSpec }
      const status = { name: 'kcp-workload-syncer-status', queue: statusQueue, reconcile: reconcileStatus }
      await Promise.all([
        parts.run(signal),
        runController({ ...spec, log, signal, workers }),
        runController({ ...status, log, signal, workers }),
      ])
      await Promise.all([...kinds.values()].map(({ done }) => done))
    },
  }
}

const flowing = { downstreamPart: (view: KubeObject) => downstreamPart(view), downstreamName }

/** The downstream namespaces, and what must be known to let one go. */
function namespaceParts(options: SyncingOptions, kinds: () => readonly ObservedKind[]) {
  const { downstreamClient: client, clock, random, log, syncTarget } = options
  const namespaces = createDownstreamNamespaces({ ...options, client })
  const upstreamNamespaces = createInformer<true>({
    client: options.upstreamClient.cluster('*'),
    gvr: namespacesGvr,
    clock,
    random,
    log,
    project: () => true,
  })
  const isThere = (cluster: string, name: string) => upstreamNamespaces.get(namespaceKey(cluster, name)) === true
  const cleaning = createCleaning({
    ...options,
    client,
    delayMs: options.namespaceCleanDelayMs,
    get: namespaces.get,
    locate: namespaces.locate,
    isUpstreamNamespaceThere: ({ cluster, namespace }) =>
      upstreamNamespaces.hasSynced ? isThere(cluster, namespace) : undefined,
    countSyncedObjects: name => countIn(kinds(), name),
    content: (namespace, signal) =>
      namespaceContent(client, { namespace, syncTargetKey: syncTarget.key, signal, gvrs: options.knownResources() }),
  })
  namespaces.onAdded(name => {
    const locator = namespaces.locate(name)
    if (locator && !isThere(locator.cluster, locator.namespace)) cleaning.plan(name)
  })
  upstreamNamespaces.onChange((key, after) => {
    const name = after ? undefined : namespaces.find(key.cluster, key.name)
    if (name) cleaning.plan(name)
  })
  return {
    namespaces,
    cleaning,
    async run(signal: AbortSignal) {
      await Promise.all([namespaces.run(signal), upstreamNamespaces.run(signal), cleaning.run(signal)])
    },
  }
}

function fired(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function namespaceKey(cluster: string, name: string): string {
  const key: ObjectKey = { cluster, namespace: '', name }
  return formatKey(key)
}

function countIn(kinds: readonly ObservedKind[], namespace: string): number | undefined {
  let count = 0
  for (const { namespaced, downstream } of kinds) {
    if (!downstream.hasSynced) return undefined
    if (namespaced) count += downstream.keysInNamespace(namespace).length
  }
  return count
}
