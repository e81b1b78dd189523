// Bound and custom types of all logical clusters together, for wildcard requests. Asked for every watch across clusters
// when any of them binds or defines something, so only the records of the asked group are looked at.
import type { ResourceType } from '../registry/resource.ts'
import type { ApiRecord } from './api-record.ts'

export interface AcrossDeps {
  readonly sets: { ofGroup(group: string): readonly ApiRecord[] }
  readonly typesOf: (record: ApiRecord) => readonly ResourceType[]
  /** Grows when a record's types may be others. */
  readonly generation: () => number
}

interface Found {
  readonly records: readonly ApiRecord[]
  readonly generation: number
  readonly types: readonly ResourceType[]
}

export function createAcross({ sets, typesOf, generation }: AcrossDeps) {
  const known = new Map<string, Found>()
  return (group: string, resource: string): readonly ResourceType[] => {
    const records = sets.ofGroup(group)
    const key = `${resource}.${group}`
    if (records.length === 0) {
      known.delete(key)
      return []
    }
    const latest = known.get(key)
    if (latest?.records === records && latest.generation === generation()) return latest.types
    const types = records
      .flatMap(typesOf)
      .filter(type => type.group === group && type.resource === resource)
      .map(withoutForm)
    known.set(key, { records, generation: generation(), types })
    return types
  }
}

const withoutForms = new WeakMap<ResourceType, ResourceType>()

/** Clusters may have other schemas of a type bound: across them objects are served as each has stored them. */
function withoutForm(type: ResourceType): ResourceType {
  let known = withoutForms.get(type)
  if (known === undefined) {
    const { kept: _, ...rest } = type
    known = rest
    withoutForms.set(type, known)
  }
  return known
}

/** Objects are keyed by prefix: of several types over one prefix the asked version is enough. */
export function onePerPrefix(types: readonly ResourceType[], version: string, identity: string): ResourceType[] {
  const found = new Map<string, ResourceType>()
  for (const type of types) {
    if (identity !== '' && (type.identityHash !== identity || type.version !== version)) continue
    if (type.version === version || !found.has(type.keyPrefix)) found.set(type.keyPrefix, type)
  }
  return [...found.values()]
}
