// The keywords of strings, numbers, lists and maps. Texts are go-openapi's.
import { equalJson, isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { duplicateValue, invalidValue, tooLong, tooMany, typeInvalid } from './field-errors.ts'
import { indexPath } from './field-path.ts'
import { hasFormat } from './formats.ts'
import { compileGoRegExp } from './go-regexp.ts'
import { goDump, goValue } from './go-value.ts'
import { RegExpCostError } from './regexp/match.ts'
import type { SchemaNode } from './schema-node.ts'

export function checkText(text: string, raw: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { maxLength, minLength, pattern, format } = raw
  if (typeof maxLength === 'number' && charsLength(text) > maxLength) errors.push(tooLong(path, maxLength))
  if (typeof minLength === 'number' && charsLength(text) < minLength) {
    errors.push(invalidValue(path, text, `${path} in body should be at least ${minLength} chars long`))
  }
  if (typeof pattern === 'string') errors.push(...checkPattern(text, pattern, path))
  if (typeof format === 'string' && !hasFormat(text, format)) {
    errors.push(typeInvalid(path, text, `${path} in body must be of type ${format}: ${JSON.stringify(text)}`))
  }
  return errors
}

function checkPattern(text: string, pattern: string, path: string): FieldError[] {
  try {
    if (compileGoRegExp(pattern)?.test(text) !== false) return []
    return [invalidValue(path, text, `${path} in body should match '${pattern}'`)]
  } catch (error) {
    if (!(error instanceof RegExpCostError)) throw error
    return [invalidValue(path, text, `${path} in body cannot be matched with '${pattern}': ${error.message}`)]
  }
}

function charsLength(text: string): number {
  return [...text].length
}

export function checkNumber(value: JsonValue | undefined, raw: JsonObject, path: string): FieldError[] {
  const number = numberValue(value)
  if (number === undefined) return []
  const errors: FieldError[] = []
  const refuse = (detail: string) => errors.push(invalidValue(path, value, `${path} in body should be ${detail}`))
  const { maximum, minimum, multipleOf } = raw
  if (typeof multipleOf === 'number' && !Number.isInteger(number / multipleOf)) refuse(`a multiple of ${multipleOf}`)
  if (typeof maximum === 'number') {
    if (raw.exclusiveMaximum === true && number >= maximum) refuse(`less than ${maximum}`)
    else if (number > maximum) refuse(`less than or equal to ${maximum}`)
  }
  if (typeof minimum === 'number') {
    if (raw.exclusiveMinimum === true && number <= minimum) refuse(`greater than ${minimum}`)
    else if (number < minimum) refuse(`greater than or equal to ${minimum}`)
  }
  return errors
}

export function checkArray(list: readonly JsonValue[], node: SchemaNode, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { minItems, maxItems, uniqueItems } = node.raw
  if (typeof minItems === 'number' && list.length < minItems) {
    errors.push(invalidValue(path, list.length, `${path} in body should have at least ${minItems} items`))
  }
  if (typeof maxItems === 'number' && list.length > maxItems) errors.push(tooMany(path, list.length, maxItems))
  if (uniqueItems === true && list.some((item, i) => list.findIndex(other => equalJson(other, item)) < i)) {
    errors.push(invalidValue(path, null, `${path} in body shouldn't contain duplicates`))
  }
  return [...errors, ...checkListType(list, node, path)]
}

/** Lists that are sets or maps may not have two equal elements or keys. */
function checkListType(list: readonly JsonValue[], node: SchemaNode, path: string): FieldError[] {
  const listType = node.raw['x-kubernetes-list-type']
  if (listType !== 'set' && listType !== 'map') return []
  const names = node.raw['x-kubernetes-list-map-keys']
  const seen = new Set<string>()
  const errors: FieldError[] = []
  list.forEach((item, index) => {
    const identity = listType === 'set' || !Array.isArray(names) ? item : pickKeys(item, names.map(String))
    const text = canonical(identity)
    if (seen.has(text)) {
      const shown = isJsonObject(identity) ? goDump(identity) : goValue(identity)
      errors.push(duplicateValue(indexPath(path, index), shown))
    }
    seen.add(text)
  })
  return errors
}

function pickKeys(item: JsonValue, names: readonly string[]): JsonObject {
  if (!isJsonObject(item)) return {}
  return Object.fromEntries(names.filter(name => item[name] !== undefined).map(name => [name, item[name]]))
}

function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isJsonObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  )
}

export function checkMembersCount(object: JsonObject, raw: JsonObject, path: string): FieldError[] {
  const { minProperties, maxProperties } = raw
  const count = Object.keys(object).length
  const errors: FieldError[] = []
  if (typeof minProperties === 'number' && count < minProperties) {
    errors.push(invalidValue(path, count, `${path} in body should have at least ${minProperties} properties`))
  }
  if (typeof maxProperties === 'number' && count > maxProperties) errors.push(tooMany(path, count, maxProperties))
  return errors
}
