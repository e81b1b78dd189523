// The facts of a scheduled namespace, which decide about the objects in it; and the marks of scheduling on any object.
import {
  deletionAnnotationPrefix,
  placementAnnotation,
  type SyncState,
  stateLabelPrefix,
} from '../../../api/names/kcp-keys.ts'
import type { Condition, KubeObject, ObjectMeta } from '../../../api/objects.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { clusterOf } from '../loop.ts'

export interface Namespace extends KubeObject {
  status?: { phase?: string; conditions?: Condition[] }
}

export interface NamespaceFacts {
  readonly name: string
  readonly cluster: string
  readonly uid: string
  readonly labels: Readonly<Record<string, string>>
  readonly isPlaced: boolean
  /** State by SyncTarget key. */
  readonly states: ReadonlyMap<string, string>
  /** Time of the deletion request by SyncTarget key. */
  readonly deletions: ReadonlyMap<string, string>
}

/** Namespaces that belong to the system; nothing in them is ever scheduled. */
const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'kcp-system'])

export function isSchedulable(namespace: string): boolean {
  return !systemNamespaces.has(namespace)
}

export function namespaceFacts(object: KubeObject): NamespaceFacts {
  const { metadata } = object
  return {
    name: metadata.name,
    cluster: clusterOf(object),
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    isPlaced: metadata.annotations?.[placementAnnotation] !== undefined,
    states: statesOf(metadata),
    deletions: deletionsOf(metadata),
  }
}

export function statesOf(metadata: ObjectMeta): Map<string, SyncState | string> {
  return withPrefix(metadata.labels, stateLabelPrefix)
}

export function deletionsOf(metadata: ObjectMeta): Map<string, string> {
  return withPrefix(metadata.annotations, deletionAnnotationPrefix)
}

/** Values by what follows the prefix. */
export function withPrefix(members: Readonly<Record<string, string>> | undefined, prefix: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const key in members) {
    const value = members[key]
    if (key.startsWith(prefix) && value !== undefined) found.set(key.slice(prefix.length), value)
  }
  return found
}

export const namespaceProjection: Projection<NamespaceFacts> = {
  project(object) {
    const facts = namespaceFacts(object)
    return facts.isPlaced || facts.states.size > 0 || facts.deletions.size > 0 ? facts : undefined
  },
  indexes: { cluster: ({ cluster }) => [cluster] },
}

export function equalMaps(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value) return false
  return true
}
