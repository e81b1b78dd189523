// One synced object: observe, decide, perform. Namespace and collision checks come before every downstream write.
import { isJsonObject } from '../../api/json.ts'
import {
  deletionAnnotation,
  downstreamKeyLabel,
  stateLabel,
  statusAnnotation,
  syncerFinalizer,
} from '../../api/names/kcp-keys.ts'
import { formatKey, type KubeObject, type ObjectKey, parseKey } from '../../api/objects.ts'
import { isConflict, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { ReconcileResult } from '../../api-client/controller/controller.ts'
import type { Log } from '../../api-client/log.ts'
import { fieldManager, type SyncTargetIdentity } from '../identity.ts'
import type { Applied, SyncedKind, UpstreamRecord } from '../synced-object.ts'
import { type Compared, isInSync } from './compare.ts'
import { decideSpec } from './decide.ts'

export interface SpecDependencies {
  readonly syncTarget: SyncTargetIdentity
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly log: Log
  /** Undefined once the resource is no longer synced. */
  kindOf(id: string): SyncedKind | undefined
  /** False while it is not sure that we still are the agent of our SyncTarget. */
  mayWrite(): boolean
  /** Name of the downstream namespace, if there is one. */
  findNamespace(cluster: string, namespace: string): string | undefined
  ensureNamespace(cluster: string, namespace: string): Promise<string>
  /** Downstream body of a view. Throws when something it refers to is not there yet. */
  transform(kind: SyncedKind, view: KubeObject, key: ObjectKey, downstream: ObjectKey): KubeObject
  /** Why a cluster-scoped object is not ours to write. */
  collisionOf(kind: SyncedKind, object: KubeObject, key: ObjectKey): string | undefined
  compared(actual: KubeObject): Compared
  contentHash(actual: KubeObject): string
  upstreamName(kind: SyncedKind, downstreamName: string): string
  downstreamNameOfGone(kind: SyncedKind, key: ObjectKey, namespace: string): string
  /** What is downstream now is what was asked for. */
  settled(specKey: string): void
  /** An object is gone from this downstream namespace. */
  emptied(namespace: string): void
}

export interface SpecKey {
  readonly kindId: string
  readonly key: ObjectKey
}

export function formatSpecKey({ kindId, key }: SpecKey): string {
  return `${kindId} ${formatKey(key)}`
}

function parseSpecKey(text: string): SpecKey {
  const space = text.indexOf(' ')
  return { kindId: text.slice(0, space), key: parseKey(text.slice(space + 1)) }
}

/** How long to wait with everything while nothing may be written. */
const closedMs = 5000
/** How long to wait for a cache that is not complete yet. */
const unsyncedMs = 200

interface Work {
  readonly kind: SyncedKind
  readonly key: ObjectKey
  readonly keyText: string
}

export function createSpecReconcile(deps: SpecDependencies) {
  return async function reconcile(text: string): Promise<ReconcileResult | undefined> {
    const { kindId, key } = parseSpecKey(text)
    const kind = deps.kindOf(kindId)
    if (!kind) return undefined
    if (!deps.mayWrite()) return { requeueAfterMs: closedMs }
    // Absence in a cache means something only after a complete list.
    if (!kind.upstream.hasSynced || !kind.downstream.hasSynced) return { requeueAfterMs: unsyncedMs }
    await perform(deps, { kind, key, keyText: formatKey(key) })
    return undefined
  }
}

async function perform(deps: SpecDependencies, work: Work): Promise<void> {
  const { kind, keyText } = work
  const upstream = kind.upstream.get(keyText)
  const at = downstreamKey(deps, work, upstream)
  const downstream = at ? kind.downstream.get(formatKey(at)) : undefined
  const applied = kind.applied.get(keyText)
  if (!upstream) kind.applied.delete(keyText)
  const decision = decideSpec({ upstream, downstream, applied })
  switch (decision.type) {
    case 'nothing':
      return
    case 'own':
      await own(deps, work)
      return perform(deps, work)
    case 'apply':
      return apply(deps, work)
    case 'compare':
      return at ? compare(deps, work, at) : undefined
    case 'delete':
      return at ? deleteDownstream(deps, work, { at, uid: decision.uid }) : undefined
    case 'delete-if-gone-upstream':
      // A view that only left our cache comes back with an event; without proof nothing is deleted.
      if (!at || (await kind.upstream.fetch(work.key))) return
      return deleteDownstream(deps, work, { at, uid: decision.uid })
    case 'release':
      return release(deps, work, at)
  }
}

/** Where the object is or would be downstream; undefined while it has no namespace there. */
function downstreamKey(
  deps: SpecDependencies,
  work: Work,
  upstream: UpstreamRecord | undefined,
): ObjectKey | undefined {
  const { kind, key } = work
  const namespace = kind.namespaced ? deps.findNamespace(key.cluster, key.namespace) : ''
  if (namespace === undefined) return undefined
  const name = upstream?.downstreamName ?? deps.downstreamNameOfGone(kind, key, namespace)
  return { cluster: '', namespace, name }
}

async function own(deps: SpecDependencies, { kind, key, keyText }: Work): Promise<void> {
  const view = await kind.upstream.body(key)
  if (!view) throw new Error(`${kind.kind} ${keyText} is not in the syncer virtual workspace any more`)
  const finalizer = syncerFinalizer(deps.syncTarget.key)
  const finalizers = [...(view.metadata.finalizers ?? [])]
  if (finalizers.includes(finalizer)) return void kind.upstream.remember(view)
  const owned = { ...view, metadata: { ...view.metadata, finalizers: [...finalizers, finalizer] } }
  const stored = await writeUpstream(kind, key, () => deps.upstreamClient.cluster(key.cluster).update(kind.gvr, owned))
  const record = kind.upstream.remember(stored)
  if (!record?.isOwned) throw new Error(`${kind.kind} ${keyText} did not keep our finalizer`)
  deps.log.debug({ gvr: kind.id, key: keyText }, 'Updated upstream resource with syncer finalizer')
}

/** After a conflict the next attempt must read what is there now. */
async function writeUpstream<T>(kind: SyncedKind, key: ObjectKey, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isConflict(error)) {
      const view = await kind.upstream.fetch(key)
      if (view) kind.upstream.remember(view)
    }
    throw error
  }
}

async function viewOf({ kind, key, keyText }: Work): Promise<KubeObject> {
  const view = await kind.upstream.body(key)
  if (!view) throw new Error(`${kind.kind} ${keyText} is not in the syncer virtual workspace any more`)
  return view
}

async function desiredOf(deps: SpecDependencies, work: Work) {
  const { kind, key, keyText } = work
  const view = await viewOf(work)
  const record = kind.upstream.remember(view) ?? kind.upstream.get(keyText)
  if (!record) throw new Error(`${kind.kind} ${keyText} is not known`)
  const namespace = kind.namespaced ? await deps.ensureNamespace(key.cluster, key.namespace) : ''
  const at: ObjectKey = { cluster: '', namespace, name: record.downstreamName }
  return { at, record, desired: deps.transform(kind, view, key, at) }
}

async function apply(deps: SpecDependencies, work: Work): Promise<void> {
  const { kind, keyText } = work
  const { at, record, desired } = await desiredOf(deps, work)
  if (!kind.namespaced) await checkCollision(deps, work, at)
  const patch = { type: 'apply', body: desired, force: true } as const
  const actual = await deps.downstreamClient.patch(kind.gvr, targetOf(at), patch, { fieldManager })
  kind.downstream.remember(actual)
  settle(deps, work, { specHash: record.specHash, contentHash: deps.contentHash(actual) })
  const fields = { gvr: kind.id, key: keyText, 'downstream.namespace': at.namespace, 'downstream.name': at.name }
  deps.log.debug(fields, 'Upserted upstream resource to downstream')
}

async function compare(deps: SpecDependencies, work: Work, at: ObjectKey): Promise<void> {
  const { kind } = work
  const actual = await kind.downstream.body(at)
  const { record, desired } = await desiredOf(deps, work)
  if (actual && isJsonObject(desired) && isJsonObject(actual) && isInSync(desired, actual, deps.compared(actual))) {
    settle(deps, work, { specHash: record.specHash, contentHash: deps.contentHash(actual) })
    return
  }
  await apply(deps, work)
}

function settle(deps: SpecDependencies, { kind, key, keyText }: Work, applied: Applied): void {
  kind.applied.set(keyText, applied)
  deps.settled(formatSpecKey({ kindId: kind.id, key }))
}

async function checkCollision(deps: SpecDependencies, { kind, key }: Work, at: ObjectKey): Promise<void> {
  const actual = await kind.downstream.body(at)
  const problem = actual ? deps.collisionOf(kind, actual, key) : undefined
  if (problem) throw new Error(problem)
}

async function deleteDownstream(
  deps: SpecDependencies,
  { kind, keyText, key }: Work,
  what: { at: ObjectKey; uid: string },
): Promise<void> {
  const { at, uid } = what
  if (!kind.namespaced) await checkCollision(deps, { kind, keyText, key }, at)
  try {
    await deps.downstreamClient.delete(kind.gvr, targetOf(at), { uid })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  kind.applied.delete(keyText)
  const fields = { gvr: kind.id, key: keyText, 'downstream.namespace': at.namespace, 'downstream.name': at.name }
  deps.log.info(fields, 'Deleted upstream resource from downstream')
  if (at.namespace !== '') deps.emptied(at.namespace)
}

/** Takes our finalizer and marks off the view; the deletionTimestamp in it is what makes this a release. */
async function release(deps: SpecDependencies, work: Work, at: ObjectKey | undefined): Promise<void> {
  const { kind, key, keyText } = work
  const actual = at ? await kind.downstream.fetch(at) : undefined
  if (actual?.metadata.labels?.[downstreamKeyLabel] === deps.syncTarget.key) {
    // The cache had not seen it yet.
    kind.downstream.remember(actual)
    throw new Error(`${kind.kind} ${keyText} still exists downstream`)
  }
  const view = await kind.upstream.body(key)
  if (!view) return
  const released = releasedView(view, deps.syncTarget.key)
  try {
    await writeUpstream(kind, key, () => deps.upstreamClient.cluster(key.cluster).update(kind.gvr, released))
  } catch (error) {
    // No longer ours: what was to be released is released.
    if (!isNotFound(error)) throw error
  }
  deps.log.info(
    { gvr: kind.id, key: keyText },
    'Downstream object does not exist. Removed finalizer on upstream object',
  )
  if (at && at.namespace !== '') deps.emptied(at.namespace)
}

export function releasedView(view: KubeObject, syncTargetKey: string): KubeObject {
  const { annotations = {}, labels = {}, finalizers = [] } = view.metadata
  const droppedAnnotations = [statusAnnotation(syncTargetKey), deletionAnnotation(syncTargetKey)]
  return {
    ...view,
    metadata: {
      ...view.metadata,
      finalizers: finalizers.filter(name => name !== syncerFinalizer(syncTargetKey)),
      annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !droppedAnnotations.includes(key))),
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => key !== stateLabel(syncTargetKey))),
    },
  }
}

function targetOf(at: ObjectKey): { name: string; namespace?: string } {
  return at.namespace === '' ? { name: at.name } : { name: at.name, namespace: at.namespace }
}
