// Ownership of the number that the scale subresource shows: of all entries of the object only the owners of the replicas
// are seen there, under the Scale's own path, and afterwards they are put back.
import { type Owner, ownerId } from './field-owners.ts'
import { childOf, difference, type Fields, isEmpty, isMember, leaf } from './fields.ts'

/** Where each version keeps the replicas; undefined for versions that the type does not have. */
export type ReplicasPath = (apiVersion: string) => readonly string[] | undefined

export const scaleApiVersion = 'autoscaling/v1'
const replicasOfScale = pathFields(['spec', 'replicas'])

export function toScaleOwners(owners: readonly Owner[], pathOf: ReplicasPath): Owner[] {
  return owners.flatMap(({ stored: _, ...owner }) => {
    const path = pathOf(owner.apiVersion)
    if (path === undefined || !hasPath(owner.fields, path)) return []
    return [{ ...owner, apiVersion: scaleApiVersion, fields: replicasOfScale }]
  })
}

interface Parent {
  readonly owners: readonly Owner[]
  readonly apiVersion: string
  readonly pathOf: ReplicasPath
}

/**
 * The entries of the object after a write of its scale. As in Kubernetes, who updated the replicas before has them in an
 * entry without time afterwards: in the Scale such owners have another version, so they are not recognized.
 */
export function toParentOwners(scale: readonly Owner[], { owners, apiVersion, pathOf }: Parent): Owner[] {
  const left = new Map(scale.map(owner => [ownerId(owner), owner]))
  const known = new Map(owners.map(owner => [ownerId(owner), owner.time]))
  const result = owners.flatMap(owner => {
    const path = pathOf(owner.apiVersion)
    if (path === undefined) return []
    if (!hasPath(owner.fields, path)) return [owner]
    if (left.delete(ownerId(owner))) return [owner]
    const fields = difference(owner.fields, pathFields(path))
    const { stored: _, ...rest } = owner
    return isEmpty(fields) ? [] : [{ ...rest, fields }]
  })
  const path = pathOf(apiVersion)
  if (path === undefined) return result
  for (const [id, { stored: _, ...owner }] of left) {
    if (hasPath(owner.fields, ['spec', 'replicas'])) {
      result.push({ ...owner, apiVersion, time: known.get(id), fields: pathFields(path) })
    }
  }
  return result
}

function hasPath(fields: Fields, path: readonly string[]): boolean {
  let node: Fields | undefined = path.length === 0 ? undefined : fields
  for (const name of path) node = node && childOf(node, `f:${name}`)
  return node !== undefined && isMember(node)
}

function pathFields(path: readonly string[]): Fields {
  return path.reduceRight<Fields>((below, name) => ({ [`f:${name}`]: below }), leaf)
}
