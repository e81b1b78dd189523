// Both sides of one synced resource: what the syncer virtual workspace offers, and what carries our label downstream.
import { downstreamKeyLabel } from '../../api/names/kcp-keys.ts'
import { type GroupVersionResource, type KubeObject, keyOf, type ObjectKey } from '../../api/objects.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import type { Log } from '../../api-client/log.ts'
import { gvrId, type SyncTargetIdentity } from '../identity.ts'
import type { DownstreamRecord, SyncedKind, UpstreamRecord } from '../synced-object.ts'
import type { BodyCache } from './body-cache.ts'
import { downstreamRecord } from './downstream-record.ts'
import { createRecordStore, namespaceIndex, type ObservedStore } from './record-store.ts'
import { type Flowing, upstreamRecord } from './upstream-record.ts'

export interface SyncedKindOptions {
  readonly gvr: GroupVersionResource
  readonly kind: string
  readonly namespaced: boolean
  readonly syncTarget: SyncTargetIdentity
  /** Of the syncer virtual workspace. */
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly flowing: Flowing
  readonly upstreamBodies: BodyCache
  readonly downstreamBodies: BodyCache
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

export interface ObservedKind extends SyncedKind {
  readonly upstream: ObservedStore<UpstreamRecord>
  readonly downstream: ObservedStore<DownstreamRecord>
  run(signal: AbortSignal): Promise<void>
}

export function createSyncedKind(options: SyncedKindOptions): ObservedKind {
  const { gvr, kind, namespaced } = options
  const up = upstreamSide(options)
  const down = downstreamSide(options)
  return {
    id: gvrId(gvr),
    gvr,
    kind,
    namespaced,
    upstream: up.store,
    downstream: down.store,
    applied: new Map(),
    async run(signal) {
      await Promise.all([up.informer.run(signal), down.informer.run(signal)])
      for (const { store } of [up, down]) store.close()
    },
  }
}

function upstreamSide(options: SyncedKindOptions) {
  const { gvr, syncTarget, flowing, upstreamClient: client } = options
  const record = (view: KubeObject) => upstreamRecord(view, { gvr, syncTarget, flowing })
  const informer = createInformer<UpstreamRecord>({
    ...informerParts(options),
    client: client.cluster('*'),
    project: record,
    indexes: { [namespaceIndex]: (_record, { cluster, namespace }) => [`${cluster}|${namespace}`] },
  })
  const parts = { gvr, informer, client, keyOf, record, bodies: options.upstreamBodies }
  return { informer, store: createRecordStore<UpstreamRecord>({ ...parts, clock: options.clock }) }
}

function downstreamSide(options: SyncedKindOptions) {
  const { gvr, syncTarget, downstreamClient: client } = options
  const record = (object: KubeObject) => downstreamRecord(object, syncTarget)
  const informer = createInformer<DownstreamRecord>({
    ...informerParts(options),
    client,
    keyOf: downstreamKeyOf,
    selectors: { labelSelector: `${downstreamKeyLabel}=${syncTarget.key}` },
    project: record,
    indexes: { [namespaceIndex]: (_record, { namespace }) => [namespace] },
  })
  const parts = { gvr, informer, client, keyOf: downstreamKeyOf, record, bodies: options.downstreamBodies }
  return { informer, store: createRecordStore<DownstreamRecord>({ ...parts, clock: options.clock }) }
}

function informerParts({ gvr, clock, random, log }: SyncedKindOptions) {
  return { gvr, clock, random, log }
}

/** A physical cluster may be a workspace of some kcp itself; its cluster annotation is no part of our keys. */
export function downstreamKeyOf(object: KubeObject): ObjectKey {
  return { cluster: '', namespace: object.metadata.namespace ?? '', name: object.metadata.name }
}
