// Which names the types of a logical cluster have: served types of the catalog, which may be a moment behind and has no
// CRDs that are not served, and what this process has accepted lately.
import { LRUCache } from 'lru-cache'
import { formatKey, type ObjectKey } from '../../../api/objects.ts'
import type { ResourceType } from '../../registry/resource.ts'
import type { Crd, CrdNames, NamesInUse } from './decide.ts'

export interface AcceptedNames {
  /** Of others than this CRD; of types that are no CRDs all. */
  inUse(key: ObjectKey, group: string, served: readonly ResourceType[]): NamesInUse
  accepted(key: ObjectKey, crd: Crd, names: CrdNames): void
  gone(key: ObjectKey): void
  /** CRDs of this cluster that wait for a name. */
  waiting(cluster: string): Iterable<string>
  setWaiting(key: ObjectKey, waits: boolean): void
}

/** By name of the CRD; undefined: it is gone. */
type NamesByCrd = Map<string, CrdNames | undefined>

/** Groups of clusters whose CRDs changed lately: names accepted before that have reached the catalog. */
const recentGroupsMax = 500

export function createAcceptedNames(): AcceptedNames {
  const recent = new LRUCache<string, NamesByCrd>({ max: recentGroupsMax })
  const waiting = new Map<string, Set<string>>()
  const namesOf = (cluster: string, group: string): NamesByCrd => {
    const key = `${cluster}|${group}`
    const names = recent.get(key) ?? new Map<string, CrdNames | undefined>()
    recent.set(key, names)
    return names
  }
  return {
    inUse({ cluster, name }, group, served) {
      const resources = new Set<string>()
      const kinds = new Set<string>()
      const use = (names: CrdNames) => {
        for (const text of [names.plural, names.singular, ...(names.shortNames ?? [])]) if (text) resources.add(text)
        for (const kind of [names.kind, names.listKind]) if (kind) kinds.add(kind)
      }
      const known = namesOf(cluster, group)
      for (const [crd, names] of known) if (crd !== name && names) use(names)
      for (const type of served) {
        const crd = `${type.resource}.${group}`
        if (type.origin === 'custom' && (crd === name || known.has(crd))) continue
        use({ ...type, plural: type.resource, shortNames: [...type.shortNames], categories: [] })
      }
      return { resources, kinds }
    },
    accepted: ({ cluster, name }, crd, names) => void namesOf(cluster, crd.spec.group).set(name, names),
    gone({ cluster, name }) {
      namesOf(cluster, name.slice(name.indexOf('.') + 1)).set(name, undefined)
      remove(waiting, { cluster, namespace: '', name })
    },
    waiting: cluster => [...(waiting.get(cluster) ?? [])],
    setWaiting(key, waits) {
      if (!waits) return remove(waiting, key)
      const inCluster = waiting.get(key.cluster) ?? new Set<string>()
      waiting.set(key.cluster, inCluster.add(formatKey(key)))
    },
  }
}

function remove(waiting: Map<string, Set<string>>, key: ObjectKey): void {
  const inCluster = waiting.get(key.cluster)
  inCluster?.delete(formatKey(key))
  if (inCluster?.size === 0) waiting.delete(key.cluster)
}
