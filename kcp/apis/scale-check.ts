// Numbers and selector of a scale must be what their paths promise, whatever the schema allows.
import { isJsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { FieldError } from '../../api/status-error.ts'
import type { SubresourceType } from '../registry/resource.ts'
import { invalidValue } from '../schema/field-errors.ts'
import { goPlain, int32Max, isInteger } from '../schema/go-value.ts'
import { asJson } from './members.ts'

export function checkScale(object: KubeObject, scale: NonNullable<SubresourceType['scale']>): FieldError[] {
  const { specReplicas, statusReplicas, labelSelector } = scale
  return [
    ...[specReplicas, statusReplicas].flatMap(path => checkReplicas(object, path)),
    ...(labelSelector ? checkSelector(object, labelSelector) : []),
  ]
}

const fieldOf = (path: readonly string[]): string => `.${path.join('.')}`

function checkReplicas(object: KubeObject, path: readonly string[]): FieldError[] {
  const found = valueAlong(object, path, 'int64')
  if (typeof found === 'string') return [invalidValue(fieldOf(path), 0, found)]
  const replicas = numberValue(found.value)
  if (replicas === undefined || found.value === undefined) return []
  if (replicas < 0) return [invalidValue(fieldOf(path), found.value, 'should be a non-negative integer')]
  if (replicas <= int32Max) return []
  return [invalidValue(fieldOf(path), found.value, `should be less than or equal to ${int32Max}`)]
}

function checkSelector(object: KubeObject, path: readonly string[]): FieldError[] {
  const found = valueAlong(object, path, 'string')
  return typeof found === 'string' ? [invalidValue(fieldOf(path), '', found)] : []
}

/** A text: why the path does not lead to a value of the type. What is absent is no problem. */
function valueAlong(
  object: KubeObject,
  path: readonly string[],
  expected: 'int64' | 'string',
): { readonly value: JsonValue | undefined } | string {
  const problem = (value: JsonValue, wanted: string) =>
    `${fieldOf(path)} accessor error: ${goPlain(value)} is of the type ${goType(value)}, expected ${wanted}`
  let value: JsonValue | undefined = asJson(object)
  for (const name of path) {
    if (!isJsonObject(value)) return problem(value, 'map[string]interface{}')
    value = Object.hasOwn(value, name) ? value[name] : undefined
    if (value === undefined) return { value }
  }
  return goType(value) === expected ? { value } : problem(value, expected)
}

function goType(value: JsonValue): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (numberValue(value) !== undefined) return isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}
