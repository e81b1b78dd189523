// The object that is applied downstream, from the view upstream: what users wrote, our label, nothing of either server.
import {
  deletionAnnotationPrefix,
  downstreamKeyLabel,
  namespaceLocatorAnnotation,
  originalApiVersionAnnotation,
  softFinalizersAnnotationPrefix,
  specDiffAnnotationPrefix,
  stateLabelPrefix,
  statusAnnotationPrefix,
  syncerViewAnnotationPrefix,
} from '../../api/names/kcp-keys.ts'
import { formatNamespaceLocator, type NamespaceLocator } from '../../api/names/namespace-locator.ts'
import { clusterAnnotation, type GroupVersionResource, type KubeObject } from '../../api/objects.ts'
import { transformSecret } from './secrets.ts'
import { transformWorkload, type WorkloadSurroundings, workloadResources } from './workloads.ts'

export interface Placement {
  readonly gvr: GroupVersionResource
  readonly syncTargetKey: string
  readonly name: string
  /** Empty for cluster-scoped objects. */
  readonly namespace: string
  /** Written on cluster-scoped objects only; a namespaced one finds it on its namespace. */
  readonly locator: NamespaceLocator
  readonly surroundings: WorkloadSurroundings
}

const serverAnnotations = new Set([clusterAnnotation, originalApiVersionAnnotation])
const serverAnnotationPrefixes = [
  deletionAnnotationPrefix,
  softFinalizersAnnotationPrefix,
  specDiffAnnotationPrefix,
  statusAnnotationPrefix,
  syncerViewAnnotationPrefix,
]

/** What of a view flows down; changes of anything else need no apply. */
export function downstreamPart(view: KubeObject): KubeObject {
  const { status: _, metadata, ...rest } = view
  const labels = withoutKeys(metadata.labels, key => key.startsWith(stateLabelPrefix))
  const annotations = withoutKeys(metadata.annotations, isServerAnnotation)
  return {
    ...rest,
    metadata: { name: metadata.name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  }
}

/** Throws when something it refers to is not there yet. */
export function downstreamObject(view: KubeObject, placement: Placement): KubeObject {
  const part = transformKind(downstreamPart(view), placement)
  const { labels, annotations } = part.metadata
  const located =
    placement.namespace === ''
      ? { ...annotations, [namespaceLocatorAnnotation]: formatNamespaceLocator(placement.locator) }
      : annotations
  const metadata = {
    name: placement.name,
    ...(placement.namespace === '' ? {} : { namespace: placement.namespace }),
    labels: { ...labels, [downstreamKeyLabel]: placement.syncTargetKey },
    ...(located ? { annotations: located } : {}),
  }
  return { ...part, metadata }
}

function transformKind(part: KubeObject, { gvr, surroundings }: Placement): KubeObject {
  if (gvr.group === '' && gvr.version === 'v1' && gvr.resource === 'secrets') return transformSecret(part)
  const isWorkload = gvr.group === 'apps' && gvr.version === 'v1' && workloadResources.includes(gvr.resource)
  return isWorkload ? transformWorkload(part, surroundings) : part
}

function isServerAnnotation(key: string): boolean {
  return serverAnnotations.has(key) || serverAnnotationPrefixes.some(prefix => key.startsWith(prefix))
}

function withoutKeys(
  map: Record<string, string> | undefined,
  isDropped: (key: string) => boolean,
): Record<string, string> | undefined {
  const kept = Object.entries(map ?? {}).filter(([key]) => !isDropped(key))
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
