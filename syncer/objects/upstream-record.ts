// From a view of the syncer virtual workspace to what is kept of it.
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import { deletionAnnotation, softFinalizersAnnotation, syncerFinalizer } from '../../api/names/kcp-keys.ts'
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import type { SyncTargetIdentity } from '../identity.ts'
import type { UpstreamRecord } from '../synced-object.ts'
import { digest } from './digest.ts'

export interface Flowing {
  /** The part of a view that flows down, as the transforms take it. */
  downstreamPart(view: KubeObject): unknown
  downstreamName(gvr: GroupVersionResource, view: KubeObject): string
}

export function upstreamRecord(
  view: KubeObject,
  of: { gvr: GroupVersionResource; syncTarget: SyncTargetIdentity; flowing: Flowing },
): UpstreamRecord {
  const { gvr, syncTarget, flowing } = of
  const { annotations = {}, finalizers = [], uid = '', resourceVersion = '' } = view.metadata
  const token = tokenOf(gvr, view)
  return {
    uid,
    resourceVersion,
    specHash: digest(flowing.downstreamPart(view)),
    statusHash: statusHash(view),
    ...generations(view),
    isOwned: finalizers.includes(syncerFinalizer(syncTarget.key)),
    isDeletionRequested: Boolean(annotations[deletionAnnotation(syncTarget.key)]),
    isHeld: Boolean(annotations[softFinalizersAnnotation(syncTarget.key)]),
    downstreamName: flowing.downstreamName(gvr, view),
    ...(token ? { token } : {}),
  }
}

/** An empty status says nothing, so it counts as none. Generations are counted on each side for itself. */
export function statusHash(object: KubeObject): string | undefined {
  const status = object.status as JsonValue | undefined
  if (status === undefined || status === null) return undefined
  if (!isJsonObject(status)) return digest(status)
  if (Object.keys(status).length === 0) return undefined
  const { observedGeneration: _, ...others } = status
  return digest(others)
}

export function generations(object: KubeObject) {
  const { generation } = object.metadata
  const observed = isJsonObject(object.status) ? object.status.observedGeneration : undefined
  return {
    generation: typeof generation === 'number' ? generation : undefined,
    observedGeneration: typeof observed === 'number' ? observed : undefined,
  }
}

/** Only secrets that really hold a token count; the annotation alone anybody may set. */
function tokenOf(gvr: GroupVersionResource, view: KubeObject): UpstreamRecord['token'] {
  if (gvr.group !== '' || gvr.resource !== 'secrets' || view.type !== 'kubernetes.io/service-account-token')
    return undefined
  const serviceAccount = view.metadata.annotations?.['kubernetes.io/service-account.name']
  const { data } = view as { data?: { token?: unknown } }
  if (!serviceAccount || !data?.token) return undefined
  return { serviceAccount, createdAt: view.metadata.creationTimestamp ?? '' }
}
