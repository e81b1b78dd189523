// WorkspaceTypes and what they extend: aliases in order, initializers, default bindings. Pure over a lookup function.
import type { KubeObject } from '../../api/objects.ts'

export interface TypeReference {
  readonly name: string
  readonly path?: string
}

export interface TypeLimit {
  readonly none?: boolean
  readonly types?: readonly TypeReference[]
}

export interface WorkspaceType extends KubeObject {
  spec: {
    initializer?: boolean
    extend?: { with?: TypeReference[] }
    additionalWorkspaceLabels?: Record<string, string>
    defaultChildWorkspaceType?: TypeReference
    limitAllowedChildren?: TypeLimit
    limitAllowedParents?: TypeLimit
    defaultAPIBindings?: { path?: string; export: string }[]
  }
}

/** A type and where it was found. */
export interface FoundType {
  readonly type: WorkspaceType
  /** Name of its logical cluster. */
  readonly cluster: string
  /** Canonical path of it. */
  readonly path: string
}

/** `from` is the canonical path of the type that refers, used when the reference has no path. */
export type FindType = (reference: TypeReference, from: string) => Promise<FoundType | undefined>

export class TypeCycle extends Error {}
export class TypeMissing extends Error {
  readonly qualifiedName: string
  constructor(qualifiedName: string) {
    super(`workspacetypes.tenancy.kcp.io ${JSON.stringify(qualifiedName)} not found`)
    this.qualifiedName = qualifiedName
  }
}

export function qualifiedName(found: FoundType): string {
  return `${found.path}:${found.type.metadata.name}`
}

/** Transitively extended types, then the type itself. Throws TypeCycle and TypeMissing. */
export async function aliasesOf(find: FindType, start: FoundType): Promise<FoundType[]> {
  const aliases = new Map<string, FoundType>()
  const visit = async (found: FoundType, trail: readonly string[]): Promise<void> => {
    const name = qualifiedName(found)
    if (trail.includes(name)) {
      const cycle = [...trail.slice(trail.indexOf(name)), name].join(' -> ')
      throw new TypeCycle(`circular dependency detected in workspace type ${name}: ${cycle}`)
    }
    if (aliases.has(name)) return
    for (const reference of found.type.spec.extend?.with ?? []) {
      const extended = await find(reference, found.path)
      if (extended === undefined) throw new TypeMissing(`${reference.path ?? found.path}:${reference.name}`)
      await visit(extended, [...trail, name])
    }
    aliases.set(name, found)
  }
  await visit(start, [])
  return [...aliases.values()]
}

export const apiBindingsInitializer = 'system:apibindings'

/** What must run in a new workspace of a type before it is Ready. */
export function initializersOf(aliases: readonly FoundType[]): string[] {
  const own = aliases
    .filter(({ type }) => type.spec.initializer)
    .map(({ cluster, type }) => `${cluster}:${type.metadata.name}`)
  return defaultBindingsOf(aliases).length === 0 ? own : [...own, apiBindingsInitializer]
}

/** Each export once; a binding without a path means the cluster of its type. */
export function defaultBindingsOf(aliases: readonly FoundType[]): { path: string; exportName: string }[] {
  const found = new Map<string, { path: string; exportName: string }>()
  for (const { type, cluster } of aliases) {
    for (const { path, export: exportName } of type.spec.defaultAPIBindings ?? []) {
      const binding = { path: path || cluster, exportName }
      found.set(`${binding.path}:${exportName}`, binding)
    }
  }
  return [...found.values()]
}
