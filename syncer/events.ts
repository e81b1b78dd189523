// Which change wakes which key. Keys only: what to do is decided when their turn comes, from what is known then.
import { type ObjectKey, parseKey } from '../api/objects.ts'
import type { WorkQueue } from '../api-client/controller/work-queue.ts'
import type { SyncTargetIdentity } from './identity.ts'
import type { Cleaning } from './namespaces/cleaning.ts'
import { ownLocator, readLocator } from './namespaces/decide.ts'
import type { DownstreamNamespaces } from './namespaces/downstream-namespaces.ts'
import type { ObservedKind } from './objects/synced-kind.ts'
import { formatSpecKey } from './spec/spec-key.ts'
import type { DownstreamRecord, UpstreamRecord } from './synced-object.ts'
import { upstreamName } from './transforms/names.ts'
import { workloadResources } from './transforms/workloads.ts'

export interface EventTargets {
  readonly specQueue: WorkQueue
  readonly statusQueue: WorkQueue
  readonly namespaces: DownstreamNamespaces
  readonly cleaning: Cleaning
  readonly syncTarget: SyncTargetIdentity
  kinds(): readonly ObservedKind[]
}

export function connectEvents(kind: ObservedKind, targets: EventTargets): void {
  const { specQueue, statusQueue } = targets
  kind.upstream.onChange((key, after, before) => {
    const text = formatSpecKey({ kindId: kind.id, key })
    if (!after || !before || flowsDown(after, before)) specQueue.add(text)
    if (!after || statusChanged(after, before) || after.isOwned !== before?.isOwned) statusQueue.add(text)
    if (after?.token && !before?.token) wakeWorkloads(targets, key)
  })
  kind.downstream.onChange((at, after, before) => {
    const record = after ?? before
    const key = record && upstreamKey(kind, at, { record, targets })
    if (!key) return
    const text = formatSpecKey({ kindId: kind.id, key })
    if (!after || !before || hasDrifted(after, before)) specQueue.add(text)
    if (after && statusChanged(after, before)) statusQueue.add(text)
    if (!after && at.namespace !== '') targets.cleaning.plan(at.namespace)
  })
}

/**
 * Events of a namespace and of what is in it come by different watches: those that came while nobody knew where the
 * namespace belongs have woken nobody.
 */
export function connectNamespaces({ namespaces, specQueue, kinds }: EventTargets): void {
  namespaces.onMoved((name, { cluster, namespace }) => {
    for (const { id, gvr, namespaced, upstream, downstream } of kinds()) {
      if (!namespaced) continue
      for (const text of upstream.keysInNamespace(`${cluster}|${namespace}`)) specQueue.add(`${id} ${text}`)
      for (const text of downstream.keysInNamespace(name)) {
        const key = { cluster, namespace, name: upstreamName(gvr, parseKey(text).name) }
        specQueue.add(formatSpecKey({ kindId: id, key }))
      }
    }
  })
}

function flowsDown(after: UpstreamRecord, before: UpstreamRecord): boolean {
  return (
    after.uid !== before.uid ||
    after.specHash !== before.specHash ||
    after.isOwned !== before.isOwned ||
    after.isDeletionRequested !== before.isDeletionRequested ||
    after.isHeld !== before.isHeld ||
    after.downstreamName !== before.downstreamName
  )
}

type StatusFields = Pick<UpstreamRecord & DownstreamRecord, 'statusHash' | 'generation' | 'observedGeneration'>

function statusChanged(after: StatusFields, before: StatusFields | undefined): boolean {
  return (
    after.statusHash !== before?.statusHash ||
    after.observedGeneration !== before?.observedGeneration ||
    after.generation !== before?.generation
  )
}

function hasDrifted(after: DownstreamRecord, before: DownstreamRecord): boolean {
  return (
    after.uid !== before.uid || after.contentHash !== before.contentHash || after.isTerminating !== before.isTerminating
  )
}

/** Where a downstream object comes from; undefined when it is not of this SyncTarget. */
function upstreamKey(
  kind: ObservedKind,
  at: ObjectKey,
  of: { record: DownstreamRecord; targets: EventTargets },
): ObjectKey | undefined {
  const { record, targets } = of
  const locator = kind.namespaced
    ? targets.namespaces.locate(at.namespace)
    : ownLocator(located(at.name, record), targets.syncTarget)
  if (!locator) return undefined
  const name = upstreamName(kind.gvr, at.name)
  return { cluster: locator.cluster, namespace: kind.namespaced ? locator.namespace : '', name }
}

function located(name: string, record: DownstreamRecord) {
  const { uid, resourceVersion, isTerminating } = record
  return { name, uid, resourceVersion, isTerminating, isLabelled: true, located: readLocator(record.locator) }
}

/** Workloads that wait for the token of their service account. */
function wakeWorkloads({ kinds, specQueue }: EventTargets, { cluster, namespace }: ObjectKey): void {
  for (const kind of kinds()) {
    if (kind.gvr.group !== 'apps' || !workloadResources.includes(kind.gvr.resource)) continue
    for (const text of kind.upstream.keysInNamespace(`${cluster}|${namespace}`)) {
      if (!kind.applied.has(text)) specQueue.add(`${kind.id} ${text}`)
    }
  }
}
