// What documents about the API need to know of a served type; ResourceType has it all.
import type { GroupVersionKind } from '../../api/objects.ts'
import type { ObjectSchema } from './object-schema.ts'

export interface ServedSubresource {
  readonly verbs: readonly string[]
  readonly responseKind?: GroupVersionKind
}

export interface ServedType {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly kind: string
  readonly listKind: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: Readonly<Record<string, ServedSubresource>>
  readonly origin: string
  readonly schema: ObjectSchema
}

export interface GroupTypes {
  readonly group: string
  readonly versions: readonly { readonly version: string; readonly types: readonly ServedType[] }[]
}

/** Groups and versions in the order their first types come in. */
export function groupTypes(types: readonly ServedType[]): GroupTypes[] {
  const groups = new Map<string, Map<string, ServedType[]>>()
  for (const type of types) {
    const versions = groups.get(type.group) ?? new Map<string, ServedType[]>()
    groups.set(type.group, versions)
    versions.set(type.version, [...(versions.get(type.version) ?? []), type])
  }
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions].map(([version, members]) => ({ version, types: members })),
  }))
}
