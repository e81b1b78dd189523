// Which types may be children of which: the limits of all aliases on both sides. Pure.
import { type FoundType, qualifiedName, type TypeLimit, type TypeReference } from './workspace-type-graph.ts'

/** Each list ends with the type itself. */
export function limitViolation(child: readonly FoundType[], parent: readonly FoundType[]): string | undefined {
  return parentViolation(child, parent) ?? childViolation(child, parent)
}

function parentViolation(child: readonly FoundType[], parent: readonly FoundType[]): string | undefined {
  for (const alias of child) {
    const limit = alias.type.spec.limitAllowedParents
    if (limit === undefined) continue
    const subject = `workspace type ${describe(child, alias)}`
    if (limit.none) return `${subject} cannot have any parent`
    if (allows(limit, parent)) continue
    return `${subject} only allows ${texts(limit)} parent workspaces, but parent type ${own(parent)} only implements ${names(parent)}`
  }
  return undefined
}

function childViolation(child: readonly FoundType[], parent: readonly FoundType[]): string | undefined {
  for (const alias of parent) {
    const limit = alias.type.spec.limitAllowedChildren
    if (limit === undefined) continue
    const subject = `workspace type ${describe(parent, alias)}`
    if (limit.none) return `${subject} cannot have any child`
    if (allows(limit, child)) continue
    return `${subject} only allows ${texts(limit)} child workspaces, but child type ${own(child)} only implements ${names(child)}`
  }
  return undefined
}

/** The type, and the one it extends when the limit comes from that. */
function describe(aliases: readonly FoundType[], alias: FoundType): string {
  const name = own(aliases)
  return qualifiedName(alias) === name ? name : `${name} extends ${qualifiedName(alias)}, which`
}

function own(aliases: readonly FoundType[]): string {
  const last = aliases.at(-1)
  return last === undefined ? '' : qualifiedName(last)
}

function names(aliases: readonly FoundType[]): string {
  return `[${aliases.map(qualifiedName).sort().join(' ')}]`
}

function text({ path, name }: TypeReference): string {
  return `${path ?? ''}:${name}`
}

function texts({ types = [] }: TypeLimit): string {
  return `[${types.map(text).join(' ')}]`
}

/** By canonical path or by name of the logical cluster. */
function allows({ types }: TypeLimit, aliases: readonly FoundType[]): boolean {
  if (types === undefined) return true
  return types.some(reference =>
    aliases.some(
      alias =>
        text(reference) === qualifiedName(alias) || text(reference) === `${alias.cluster}:${alias.type.metadata.name}`,
    ),
  )
}
