// How strategic merge reads a Topology: patch tags first, list topology for types that have no tags.
import type { Topology } from './topology.ts'

export interface ListRule {
  readonly merge: boolean
  /** Merge keys of a list of objects; empty for a list of plain values. */
  readonly keys: readonly { readonly name: string; readonly default?: string | number | boolean }[]
}

const replaced: ListRule = { merge: false, keys: [] }

export function memberTopology(topology: Topology | undefined, key: string): Topology | undefined {
  if (topology === undefined) return undefined
  const { fields } = topology
  return fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : topology.values
}

export function elementTopology(topology: Topology | undefined): Topology | undefined {
  return topology?.items
}

/** Whether the patch's object takes the place of the old one. */
export function isReplaced(topology: Topology | undefined): boolean {
  return topology?.patchStrategy?.includes('replace') ?? false
}

export function listRule(topology: Topology | undefined): ListRule {
  if (topology === undefined) return replaced
  const { patchStrategy, patchMergeKey, listType, mapKeys } = topology
  if (patchStrategy !== undefined) {
    if (!patchStrategy.includes('merge')) return replaced
    return { merge: true, keys: patchMergeKey === undefined ? [] : [{ name: patchMergeKey }] }
  }
  if (listType === 'set') return { merge: true, keys: [] }
  // Where Kubernetes' types have both, the merge key is the first map key; kubectl names elements by it alone.
  return listType === 'map' && mapKeys !== undefined ? { merge: true, keys: mapKeys.slice(0, 1) } : replaced
}
