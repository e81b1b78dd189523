// The keywords of strings, numbers, lists and maps. Texts are go-openapi's.
import { equalJson, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import type { FieldError } from '../../api/status-error.ts'
import { invalidValue, longerThan, tooMany, typeInvalid } from './field-errors.ts'
import { hasFormat } from './formats.ts'
import { compileGoRegExp } from './go-regexp.ts'
import { goValue, isInteger } from './go-value.ts'
import { RegExpCostError } from './regexp/match.ts'
import type { SchemaNode } from './schema-node.ts'

/** The first of its limits that a text breaks, and its format. */
export function checkText(text: string, raw: JsonObject, path: string): FieldError[] {
  const { format } = raw
  const errors = checkLimits(text, raw, path)
  if (typeof format === 'string' && !hasFormat(text, format)) {
    errors.push(typeInvalid(path, text, `${path} in body must be of type ${format}: ${JSON.stringify(text)}`))
  }
  return errors
}

function checkLimits(text: string, { maxLength, minLength, pattern }: JsonObject, path: string): FieldError[] {
  if (typeof maxLength === 'number' && charsLength(text) > maxLength) return [longerThan(path, maxLength)]
  if (typeof minLength === 'number' && charsLength(text) < minLength) {
    return [invalidValue(path, text, `${path} in body should be at least ${minLength} chars long`)]
  }
  return typeof pattern === 'string' ? checkPattern(text, pattern, path) : []
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

/** Limits of integers lose their fraction, as in Go. */
export function checkNumber(value: JsonValue | undefined, raw: JsonObject, path: string): FieldError[] {
  const number = numberValue(value)
  if (number === undefined) return []
  const errors: FieldError[] = []
  const refuse = (detail: string) => errors.push(invalidValue(path, value, `${path} in body should be ${detail}`))
  const limitOf = (limit: JsonValue | undefined) => {
    const given = numberValue(limit)
    return given !== undefined && isInteger(value) ? Math.trunc(given) : given
  }
  const [maximum, minimum, multipleOf] = [limitOf(raw.maximum), limitOf(raw.minimum), limitOf(raw.multipleOf)]
  if (multipleOf !== undefined && multipleOf <= 0) {
    errors.push(
      invalidValue(path, multipleOf, `factor MultipleOf declared for ${path} must be positive: ${multipleOf}`),
    )
  } else if (multipleOf !== undefined && !Number.isInteger(number / multipleOf)) refuse(`a multiple of ${multipleOf}`)
  if (maximum !== undefined) {
    if (raw.exclusiveMaximum === true && number >= maximum) refuse(`less than ${goValue(maximum)}`)
    else if (number > maximum) refuse(`less than or equal to ${goValue(maximum)}`)
  }
  if (minimum !== undefined) {
    if (raw.exclusiveMinimum === true && number <= minimum) refuse(`greater than ${goValue(minimum)}`)
    else if (number < minimum) refuse(`greater than or equal to ${goValue(minimum)}`)
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
  return errors
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
