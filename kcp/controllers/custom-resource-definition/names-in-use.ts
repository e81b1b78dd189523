// Which names the types of a logical cluster have: served types of the catalog, which may be a moment behind, and what
// this process has accepted lately.
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

interface Entry {
  readonly cluster: string
  readonly group: string
  readonly names: CrdNames | undefined
}

/** Names accepted longer ago have reached the catalog. */
const recentMax = 5000

export function createAcceptedNames(): AcceptedNames {
  const recent = new LRUCache<string, Entry>({ max: recentMax })
  /** By cluster and CRD: those that are not served keep the names they have. */
  const waiting = new Map<string, Map<string, Entry>>()
  return {
    inUse(key, group, served) {
      const resources = new Set<string>()
      const kinds = new Set<string>()
      const use = (names: CrdNames) => {
        for (const name of [names.plural, names.singular, ...(names.shortNames ?? [])]) if (name) resources.add(name)
        for (const kind of [names.kind, names.listKind]) if (kind) kinds.add(kind)
      }
      const known = new Set<string>()
      for (const [text, entry] of [...recentOf(recent, key.cluster), ...(waiting.get(key.cluster) ?? [])]) {
        known.add(text)
        if (text !== formatKey(key) && entry.group === group && entry.names) use(entry.names)
      }
      for (const type of served) {
        const text = formatKey({ cluster: key.cluster, namespace: '', name: `${type.resource}.${type.group}` })
        if (type.group !== group || (type.origin === 'custom' && (text === formatKey(key) || known.has(text)))) continue
        use({ plural: type.resource, singular: type.singular, shortNames: [...type.shortNames], ...kindsOf(type) })
      }
      return { resources, kinds }
    },
    accepted(key, crd, names) {
      recent.set(formatKey(key), { cluster: key.cluster, group: crd.spec.group, names })
    },
    gone(key) {
      recent.set(formatKey(key), { cluster: key.cluster, group: '', names: undefined })
      remove(waiting, key)
    },
    waiting: cluster => [...(waiting.get(cluster)?.keys() ?? [])],
    setWaiting(key, waits) {
      const entry = recent.get(formatKey(key))
      if (!waits || entry === undefined) return remove(waiting, key)
      const inCluster = waiting.get(key.cluster) ?? new Map<string, Entry>()
      waiting.set(key.cluster, inCluster.set(formatKey(key), entry))
    },
  }
}

function kindsOf({ kind, listKind }: ResourceType) {
  return { kind, listKind }
}

function* recentOf(recent: LRUCache<string, Entry>, cluster: string): Iterable<[string, Entry]> {
  for (const [text, entry] of recent.entries()) if (entry.cluster === cluster) yield [text, entry]
}

function remove(waiting: Map<string, Map<string, Entry>>, { cluster, ...rest }: ObjectKey): void {
  const inCluster = waiting.get(cluster)
  inCluster?.delete(formatKey({ cluster, ...rest }))
  if (inCluster?.size === 0) waiting.delete(cluster)
}
