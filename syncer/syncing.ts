// Joins the folders that carry objects: one pair of caches per resource, one queue down, one queue up, the namespaces.
import { formatKey, type GroupVersionResource, type KubeObject, type ObjectKey } from '../api/objects.ts'
import { createInformer } from '../api-client/cache/create-informer.ts'
import type { Client } from '../api-client/client.ts'
import type { Clock } from '../api-client/clock.ts'
import { runController } from '../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../api-client/controller/work-queue.ts'
import type { Log } from '../api-client/log.ts'
import type { DiscoveredResource } from '../api-client/resources/discovery.ts'
import { isEmptyDownstream } from './empty-downstream.ts'
import { connectEvents } from './events.ts'
import { gvrId, namespacesGvr, type SyncTargetIdentity } from './identity.ts'
import { createCleaning } from './namespaces/cleaning.ts'
import { createDownstreamNamespaces } from './namespaces/downstream-namespaces.ts'
import { createBodyCache } from './objects/body-cache.ts'
import { createSyncedKind, type ObservedKind } from './objects/synced-kind.ts'
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

const workers = 8

interface RunningKind {
  readonly kind: ObservedKind
  readonly stop: AbortController
  readonly done: Promise<void>
}

export function createSyncing(options: SyncingOptions): Syncing {
  const { clock, random, log, upstreamClient, downstreamClient } = options
  const kinds = new Map<string, RunningKind>()
  const all = () => [...kinds.values()].map(({ kind }) => kind)
  const kindOf = (id: string) => kinds.get(id)?.kind
  const specQueue = createWorkQueue({ clock, random })
  const statusQueue = createWorkQueue({ clock, random })
  const namespaces = createDownstreamNamespaces({ ...options, client: downstreamClient })
  const upstreamNamespaces = createInformer<true>({
    client: upstreamClient.cluster('*'),
    gvr: namespacesGvr,
    clock,
    random,
    log,
    project: () => true,
  })
  const cleaning = createCleaning({
    client: downstreamClient,
    delayMs: options.namespaceCleanDelayMs,
    clock,
    random,
    log,
    mayWrite: options.mayWrite,
    get: namespaces.get,
    locate: namespaces.locate,
    isUpstreamNamespaceThere: locator =>
      upstreamNamespaces.hasSynced
        ? upstreamNamespaces.get(namespaceKey(locator.cluster, locator.namespace)) === true
        : undefined,
    countSyncedObjects: name => countIn(all(), name),
    isEmptyDownstream: (name, signal) =>
      isEmptyDownstream(downstreamClient, {
        namespace: name,
        syncTargetKey: options.syncTarget.key,
        signal,
        gvrs: options.knownResources(),
      }),
  })
  const common = { upstreamClient, downstreamClient, log, kindOf, mayWrite: options.mayWrite }
  const spec = specDependencies({ ...options, kindOf, namespaces, emptied: cleaning.plan })
  const reconcileSpec = createSpecReconcile(spec)
  const reconcileStatus = createStatusReconcile({ ...common, downstreamKey: spec.downstreamKey })

  const bodies = { upstreamBodies: createBodyCache(), downstreamBodies: createBodyCache() }
  const flowing = { downstreamPart: (view: KubeObject) => downstreamPart(view), downstreamName }
  namespaces.onAdded(name => {
    const locator = namespaces.locate(name)
    if (locator && !upstreamNamespaces.get(namespaceKey(locator.cluster, locator.namespace))) cleaning.plan(name)
  })
  upstreamNamespaces.onChange((key, after) => {
    const name = after ? undefined : namespaces.find(key.cluster, key.name)
    if (name) cleaning.plan(name)
  })
  return {
    start(resource, signal) {
      const { group, version, resource: plural } = resource
      const gvr = { group, version, resource: plural }
      const kind = createSyncedKind({
        ...options,
        ...bodies,
        flowing,
        gvr,
        kind: resource.kind,
        namespaced: resource.namespaced,
      })
      connectEvents(kind, { specQueue, statusQueue, namespaces, cleaning, kinds: all, syncTarget: options.syncTarget })
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
      const controller = { log, signal, workers }
      await Promise.all([
        namespaces.run(signal),
        upstreamNamespaces.run(signal),
        cleaning.run(signal),
        runController({ ...controller, name: 'kcp-workload-syncer-spec', queue: specQueue, reconcile: reconcileSpec }),
        runController({
          ...controller,
          name: 'kcp-workload-syncer-status',
          queue: statusQueue,
          reconcile: reconcileStatus,
        }),
      ])
      await Promise.all([...kinds.values()].map(({ done }) => done))
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
