// Whether the names of new schemas collide with what a logical cluster has already.
import type { ApiNames, SchemaFacts } from './api-binding.ts'

export interface TakenNames {
  readonly group: string
  readonly names: ApiNames
  readonly owner:
    | { readonly type: 'binding'; readonly name: string; readonly exportPath: string; readonly exportName: string }
    | { readonly type: 'crd'; readonly name: string; readonly cluster: string }
}

export function conflictText(schemas: readonly SchemaFacts[], taken: readonly TakenNames[]): string | undefined {
  for (const schema of schemas) {
    for (const other of taken) {
      if (other.group !== schema.group) continue
      const text = conflictOf(schema, other)
      if (text !== undefined) return text
    }
  }
  return undefined
}

function conflictOf(schema: SchemaFacts, { owner, names }: TakenNames): string | undefined {
  if (owner.type === 'crd') {
    if (names.plural !== schema.names.plural) return undefined
    return `cannot create CustomResourceDefinition with ${JSON.stringify(schema.group)} group and ${JSON.stringify(schema.names.plural)} resource because it overlaps with ${JSON.stringify(owner.name)} CustomResourceDefinition in ${JSON.stringify(owner.cluster)} logical cluster`
  }
  const field = collidingField(schema.names, names)
  if (field === undefined) return undefined
  return `naming conflict with APIBinding ${JSON.stringify(owner.name)} bound to APIExport ${owner.exportPath}:${owner.exportName}, ${field} is forbidden`
}

function collidingField(a: ApiNames, b: ApiNames): string | undefined {
  const resources = new Set([b.plural, b.singular, ...b.shortNames].filter(name => name !== ''))
  const kinds = new Set([b.kind, b.listKind].filter(name => name !== ''))
  if (resources.has(a.plural)) return `spec.names.plural=${a.plural}`
  if (resources.has(a.singular)) return `spec.names.singular=${a.singular}`
  const shortName = a.shortNames.find(name => resources.has(name))
  if (shortName !== undefined) return `spec.names.shortNames=${shortName}`
  if (kinds.has(a.kind)) return `spec.names.kind=${a.kind}`
  return kinds.has(a.listKind) ? `spec.names.listKind=${a.listKind}` : undefined
}
