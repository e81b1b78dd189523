// Whether an applied object fits its type: declared fields, kinds of values, elements with keys. Texts are Kubernetes'.
import { isJsonObject, isRawNumber, type JsonObject, type JsonValue } from '../../json.ts'
import { goValue } from '../go-value.ts'
import { memberTopology } from '../strategic-topology.ts'
import type { Topology } from '../topology.ts'
import { pathElement } from './paths.ts'
import { elementKey } from './typed-value.ts'

/** Undefined when all is well, else `.spec.replica: field not declared in schema`, or several under `errors:`. */
export function checkTyped(object: JsonObject, topology: Topology | undefined): string | undefined {
  const errors = checkValue(object, topology)
  if (errors.length <= 1) return errors[0]
  return ['errors:', ...errors.map(error => `  ${error}`)].join('\n')
}

function checkValue(value: JsonValue, topology: Topology | undefined): string[] {
  if (value === null || topology === undefined) return []
  const mismatch = kindMismatch(value, topology)
  if (mismatch !== undefined) return [mismatch]
  if (isJsonObject(value)) return checkMembers(value, topology)
  return Array.isArray(value) ? checkElements(value, topology) : []
}

function checkMembers(map: JsonObject, topology: Topology): string[] {
  const errors: string[] = []
  for (const name of Object.keys(map).sort()) {
    const value = map[name]
    if (value === undefined) continue
    const path = pathElement(`f:${name}`)
    const type = memberTopology(topology, name)
    // Kubernetes stops at the first unknown field of an object.
    if (type === undefined && isClosed(topology)) return [...errors, `${path}: field not declared in schema`]
    errors.push(...checkValue(value, type).map(error => below(path, error)))
  }
  return errors
}

function isClosed({ fields, values, open }: Topology): boolean {
  return fields !== undefined && values === undefined && open !== true
}

function checkElements(list: JsonValue[], topology: Topology): string[] {
  const isKeyed = topology.listType === 'set' || topology.listType === 'map'
  const seen = new Set<string>()
  const errors: string[] = []
  for (const [i, element] of list.entries()) {
    const key = isKeyed ? elementKey(element, topology) : `i:${i}`
    if (typeof key !== 'string') return [...errors, `element ${i}: ${key.message}`]
    if (seen.has(key)) errors.push(`duplicate entries for key ${pathElement(key)}`)
    seen.add(key)
    errors.push(...checkValue(element, topology.items).map(error => below(pathElement(key), error)))
  }
  return errors
}

/** Puts a path element in front of an error, which starts with a path or has none yet. */
function below(path: string, error: string): string {
  return /^[.[]/.test(error) ? path + error : `${path}: ${error}`
}

function kindMismatch(value: Exclude<JsonValue, null>, { type }: Topology): string | undefined {
  const isNumber = typeof value === 'number' || isRawNumber(value)
  switch (type) {
    case 'object':
      return isJsonObject(value) ? undefined : `expected map, got &{${goValue(value)}}`
    case 'array':
      return Array.isArray(value) ? undefined : `expected list, got &{${goValue(value)}}`
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValue(value)}}`
    case 'integer':
    case 'number':
      return isNumber ? undefined : `expected numeric (int or float), got ${goType(value)}`
    case 'scalar':
      return isJsonObject(value) || Array.isArray(value) ? `expected any scalar, got &{${goValue(value)}}` : undefined
    default:
      return undefined
  }
}

function goType(value: JsonValue): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

/** A value as Go prints it with %#v. */
function goSyntax(value: JsonValue): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (!isJsonObject(value)) return value === null ? 'interface {}(nil)' : JSON.stringify(value)
  const members = Object.keys(value).sort()
  const texts = members.map(name => `${JSON.stringify(name)}:${goSyntax(value[name] ?? null)}`)
  return `map[string]interface {}{${texts.join(', ')}}`
}
