// What is written upstream besides statuses: our finalizer, and in the end its removal.
import {
  deletionAnnotation,
  downstreamKeyLabel,
  stateLabel,
  statusAnnotation,
  syncerFinalizer,
} from '../../api/names/kcp-keys.ts'
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import { isConflict } from '../../api/status-error.ts'
import type { SyncedKind } from '../synced-object.ts'
import { isGone, type SpecDependencies, type Work } from './dependencies.ts'

/** Afterwards the record says that the object is owned. */
export async function own(deps: SpecDependencies, { kind, key, keyText }: Work): Promise<void> {
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

/** Where it would be, as the physical cluster says when the caches know of no namespace. */
async function placeOf(deps: SpecDependencies, { kind, key }: Work): Promise<ObjectKey | undefined> {
  const namespace = await deps.askForNamespace(key.cluster, key.namespace)
  return namespace === undefined
    ? undefined
    : { cluster: '', namespace, name: deps.downstreamNameOfGone(kind, key, namespace) }
}

/** Takes our finalizer and marks off the view; the deletionTimestamp in it is what makes this a release. */
export async function release(deps: SpecDependencies, work: Work, known: ObjectKey | undefined): Promise<void> {
  const { kind, key, keyText } = work
  const at = known ?? (await placeOf(deps, work))
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
    if (!isGone(error, key.name)) throw error
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
