// Types of bound APIs: one per schema and identity, compiled once and shared by all logical clusters.
import type { JsonObject } from '../../api/json.ts'
import type { ResourceType } from '../registry/resource.ts'
import type { BindingRecord } from './api-record.ts'

export interface BoundTypes {
  /** Grows with every change of a bound CRD. */
  readonly generation: number
  has(schemaUid: string): boolean
  set(schemaUid: string, crd: JsonObject | undefined): void
  typesOf(record: BindingRecord): readonly ResourceType[]
}

/** `typesOfCrd`: the served versions of a CRD under an identity. */
export function createBoundTypes(
  typesOfCrd: (crd: JsonObject, identityHash: string) => readonly ResourceType[],
): BoundTypes {
  const crds = new Map<string, JsonObject>()
  const types = new Map<string, readonly ResourceType[]>()
  let generation = 0
  const typesOfSchema = (schemaUid: string, identityHash: string) => {
    const crd = crds.get(schemaUid)
    if (crd === undefined) return []
    const key = `${schemaUid}/${identityHash}`
    const known = types.get(key) ?? typesOfCrd(crd, identityHash)
    types.set(key, known)
    return known
  }
  const forget = (schemaUid: string) => {
    for (const key of types.keys()) if (key.startsWith(schemaUid)) types.delete(key)
    generation++
  }
  return {
    get generation() {
      return generation
    },
    has: schemaUid => crds.has(schemaUid),
    set(schemaUid, crd) {
      if (crd === undefined) crds.delete(schemaUid)
      else crds.set(schemaUid, crd)
      forget(schemaUid)
    },
    typesOf: record =>
      record.resources.flatMap(({ schemaUid, identityHash }) => {
        const found = typesOfSchema(schemaUid, identityHash)
        return record.terminating ? found.map(type => ({ ...type, terminating: true })) : found
      }),
  }
}
