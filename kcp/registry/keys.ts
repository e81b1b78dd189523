// Where objects are in the store: `<keyPrefix><cluster>/[<namespace>/]<name>`; a server with one cluster has no cluster part.
import type { ObjectKey } from '../../api/objects.ts'
import type { ResourceType } from './resource.ts'

/** What a list or a watch covers. */
export interface ObjectRange {
  readonly type: ResourceType
  /** `*` covers all clusters. */
  readonly cluster: string
  /** '' covers all namespaces. */
  readonly namespace: string
  /** Metadata of the custom resources of this group and resource, whatever CRD or identity they have. */
  readonly allIdentities?: boolean
}

export const allClusters = '*'

/** Start of the part of a key behind its prefix; a server with one cluster has no such part. */
export function clusterPart(cluster: string): string {
  return cluster === '' ? '' : `${cluster}/`
}

export function keyOfObject(type: ResourceType, key: ObjectKey): string {
  const namespace = type.namespaced ? `${key.namespace}/` : ''
  return `${type.keyPrefix}${clusterPart(key.cluster)}${namespace}${key.name}`
}

/** Every key of the range starts with this; in a wildcard range the namespace is not part of it. */
export function prefixOf(range: ObjectRange): string {
  const { type, cluster, namespace } = range
  if (range.allIdentities)
    return type.keyPrefix.slice(0, type.keyPrefix.lastIndexOf('/', type.keyPrefix.length - 2) + 1)
  if (cluster === allClusters) return type.keyPrefix
  return `${type.keyPrefix}${clusterPart(cluster)}${type.namespaced && namespace !== '' ? `${namespace}/` : ''}`
}

/** Namespace and name at the end of a key. */
export function localKeyOf(type: ResourceType, key: string): { namespace: string; name: string } {
  const nameStart = key.lastIndexOf('/') + 1
  const name = key.slice(nameStart)
  if (!type.namespaced) return { namespace: '', name }
  const namespaceStart = key.lastIndexOf('/', nameStart - 2) + 1
  return { namespace: key.slice(namespaceStart, nameStart - 1), name }
}
