// Ownership after a schema changed: where a list or map became atomic, who owned parts of it owns the whole.
// The other way round nothing changes, as in Kubernetes.
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { type Owner, withFields } from './field-owners.ts'
import { childOf, type Fields, isEmpty, leaf, noFields } from './fields.ts'
import type { FindVersion } from './ownership.ts'

/** The same list when nothing changed. */
export function reconcileOwners(owners: Owner[], versions: FindVersion): Owner[] {
  let isSame = true
  const reconciled = owners.map(owner => {
    const fields = reconcileFields(owner.fields, versions(owner.apiVersion)?.topology)
    const changed = fields === owner.fields ? owner : (withFields(owner, fields ?? noFields) ?? owner)
    isSame &&= changed === owner
    return changed
  })
  return isSame ? owners : reconciled
}

/** The set itself when it fits; it is copied on the way to the first place that does not. */
function reconcileFields(fields: Fields, topology: Topology | undefined): Fields {
  if (topology === undefined) return fields
  let result: Fields | undefined
  for (const key in fields) {
    const node = childOf(fields, key) ?? leaf
    if (key === '.' || isEmpty(node)) continue
    const type = key.startsWith('f:') ? memberTopology(topology, key.slice(2)) : topology.items
    if (type === undefined) continue
    const fits = isAtomic(type) ? leaf : reconcileFields(node, type)
    if (fits === node) continue
    result ??= { ...fields }
    result[key] = fits
  }
  return result ?? fields
}

function isAtomic({ type, listType, mapType }: Topology): boolean {
  if (type === 'array') return listType === undefined || listType === 'atomic'
  return type === 'object' && mapType === 'atomic'
}
