// Resources inside of resources (x-kubernetes-embedded-resource): they say what they are, and their metadata is ObjectMeta.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { checkPathSegment, checkServiceName } from '../../api/names/rules.ts'
import type { FieldError } from '../../api/status-error.ts'
import { invalidValue, requiredValue } from './field-errors.ts'
import { indexPath, keyPath, memberPath } from './field-path.ts'
import { checkMetaNames, checkObjectMeta, decodeObjectMeta } from './object-meta.ts'
import type { SchemaNode } from './schema-node.ts'

/** Errors of all embedded resources in a value. */
export function checkEmbedded(value: JsonValue | undefined, node: SchemaNode, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return []
    return value.flatMap((item, index) => checkEmbedded(item, items, indexPath(path, index)))
  }
  if (!isJsonObject(value)) return []
  const errors = node.embedded ? checkResource(value, path) : []
  for (const key of Object.keys(value)) {
    const member = node.properties.get(key)
    if (member) errors.push(...checkEmbedded(value[key], member, memberPath(path, key)))
    else if (node.values !== undefined && node.values !== true) {
      errors.push(...checkEmbedded(value[key], node.values, keyPath(path, key)))
    }
  }
  return errors
}

/** Whether a schema has them anywhere, so that others pay nothing. */
export function hasEmbedded(node: SchemaNode, seen: Set<SchemaNode> = new Set()): boolean {
  if (seen.has(node)) return false
  seen.add(node)
  if (node.embedded) return true
  const children = [...node.properties.values(), node.values, node.items]
  return children.some(child => child !== undefined && child !== true && hasEmbedded(child, seen))
}

function checkResource(resource: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const member of ['apiVersion', 'kind'] as const) {
    const field = memberPath(path, member)
    const value = resource[member]
    if (value === undefined) errors.push(requiredValue(field, 'must not be empty'))
    else if (typeof value !== 'string') errors.push(invalidValue(field, value, 'must be a string'))
    else if (value === '') errors.push(invalidValue(field, value, 'must not be empty'))
    else errors.push(...(member === 'kind' ? checkKind(value, field) : checkVersion(value, field)))
  }
  return resource.metadata === undefined ? errors : [...errors, ...checkMetadata(resource.metadata, path)]
}

export function checkKind(kind: string, field: string): FieldError[] {
  const problems = checkServiceName(kind.toLowerCase())
  if (problems.length === 0) return []
  return [invalidValue(field, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`)]
}

function checkVersion(apiVersion: string, field: string): FieldError[] {
  if (apiVersion.split('/').length <= 2) return []
  return [invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
}

function checkMetadata(given: JsonValue, path: string): FieldError[] {
  const field = memberPath(path, 'metadata')
  const decoded = decodeObjectMeta(given)
  if (typeof decoded === 'string') return [invalidValue(field, given, decoded)]
  const { metadata } = decoded
  return [...checkMetaNames(metadata, field, checkPathSegment), ...checkObjectMeta(metadata, field)]
}

export interface EmbeddedProblem {
  readonly field: string
  readonly message: string
}

/**
 * Makes the metadata of embedded resources what ObjectMeta knows, in place. Adds unknown paths to `unknown`; answers with
 * the first value of a wrong type.
 */
export function decodeEmbedded(
  value: JsonValue | undefined,
  node: SchemaNode,
  { path, unknown }: { path: string; unknown: string[] },
): EmbeddedProblem | undefined {
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return undefined
    return firstOf(value.entries(), ([index, item]) =>
      decodeEmbedded(item, items, { path: indexPath(path, index), unknown }),
    )
  }
  if (!isJsonObject(value)) return undefined
  const own = node.embedded ? decodeResource(value, path, unknown) : undefined
  if (own) return own
  return firstOf(Object.keys(value), key => {
    const member = node.properties.get(key)
    if (member) return decodeEmbedded(value[key], member, { path: memberPath(path, key), unknown })
    if (node.values === undefined || node.values === true) return undefined
    return decodeEmbedded(value[key], node.values, { path: keyPath(path, key), unknown })
  })
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

function decodeResource(resource: JsonObject, path: string, unknown: string[]): EmbeddedProblem | undefined {
  for (const member of ['apiVersion', 'kind'] as const) {
    const value = resource[member]
    if (value !== undefined && typeof value !== 'string') {
      return invalidValue(memberPath(path, member), value, 'must be a string')
    }
  }
  if (resource.metadata === undefined) return undefined
  const field = memberPath(path, 'metadata')
  const decoded = decodeObjectMeta(resource.metadata)
  if (typeof decoded === 'string') return invalidValue(field, resource.metadata, decoded)
  resource.metadata = decoded.metadata
  unknown.push(...decoded.unknown.map(each => memberPath(field, each)))
  return undefined
}

/** Of objects that were stored before the schema said so: what does not decode is dropped, in place. */
export function repairEmbedded(value: JsonValue | undefined, node: SchemaNode): void {
  if (Array.isArray(value)) {
    const { items } = node
    if (items !== undefined) for (const item of value) repairEmbedded(item, items)
    return
  }
  if (!isJsonObject(value)) return
  if (node.embedded) repairResource(value)
  for (const key of Object.keys(value)) {
    const member = node.properties.get(key) ?? node.values
    if (member !== undefined && member !== true) repairEmbedded(value[key], member)
  }
}

function repairResource(resource: JsonObject): void {
  for (const member of ['apiVersion', 'kind'] as const) {
    if (resource[member] !== undefined && typeof resource[member] !== 'string') delete resource[member]
  }
  const { metadata } = resource
  if (metadata === undefined) return
  const readable = isJsonObject(metadata) ? Object.entries(metadata).filter(isReadable) : []
  const decoded = decodeObjectMeta(Object.fromEntries(readable))
  if (typeof decoded === 'string' || !isJsonObject(metadata)) delete resource.metadata
  else resource.metadata = decoded.metadata
}

function isReadable([member, value]: [string, JsonValue | undefined]): boolean {
  return value !== undefined && typeof decodeObjectMeta({ [member]: value }) !== 'string'
}
