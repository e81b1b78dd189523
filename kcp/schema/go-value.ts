// Values as Go prints them inside field errors, and the names of JSON types there.
import { goKind, isJsonObject, isRawNumber, type JsonValue, numberValue } from '../../api/json.ts'

/** The type name in messages: integer for whole numbers, null for nothing. */
export function typeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' || isRawNumber(value)) return isInteger(value) ? 'integer' : 'number'
  return typeof value === 'object' ? 'object' : typeof value
}

const int64Max = 2n ** 63n - 1n
const int64Min = -(2n ** 63n)

/** An int64, or a float that is exact as one. */
export function isInteger(value: JsonValue | undefined): boolean {
  if (!isRawNumber(value)) return Number.isSafeInteger(value)
  if (!/^-?\d+$/.test(value.rawJSON)) return Number.isSafeInteger(numberValue(value))
  const exact = BigInt(value.rawJSON)
  return exact >= int64Min && exact <= int64Max
}

/** What Go decodes into an int64: digits, no fraction and no exponent. */
export function isGoInt64(value: JsonValue): boolean {
  return isRawNumber(value) ? /^-?\d+$/.test(value.rawJSON) && isInteger(value) : isInteger(value)
}

export const int32Max = 2 ** 31 - 1

/** What Go decodes into an int32, but for the very lowest one. */
export function isGoInt32(value: JsonValue): boolean {
  return isGoInt64(value) && Math.abs(numberValue(value) ?? 0) <= int32Max
}

/** A number that does not fit, as Go names it; the kind of other values. */
export function goNumberToken(value: JsonValue): string {
  if (isRawNumber(value)) return `number ${value.rawJSON}`
  return typeof value === 'number' ? `number ${value}` : goKind(value)
}

const leastWithoutExponent = 1e-4
const mostWithoutExponent = 1e6

/** A number as Go prints it. */
function goNumber(value: JsonValue): string {
  if (isInteger(value)) return isRawNumber(value) ? value.rawJSON : String(value)
  const number = numberValue(value) ?? 0
  const size = Math.abs(number)
  const isPlain = size >= leastWithoutExponent && size < mostWithoutExponent
  if (isPlain) return String(number)
  return number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** Plain values inside messages. */
export function goValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '"null"'
  return numberValue(value) === undefined ? JSON.stringify(value) : goNumber(value)
}

/** `Invalid value: …`: strings quoted, objects and lists as Go writes them. */
export function goBadValue(value: JsonValue | undefined): string {
  return value === null || value === undefined || (!isJsonObject(value) && !Array.isArray(value))
    ? goValue(value)
    : goDump(value)
}

/** `%#v`: `map[string]interface {}{"a":1}`, `[]interface {}{"b", interface {}(nil)}`. */
export function goDump(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goDump).join(', ')}}`
  if (!isJsonObject(value)) return goValue(value)
  const entries = Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${goDump(value[key])}`)
  return `map[string]interface {}{${entries.join(', ')}}`
}

/** `%v`: `map[a:1]`, `[1 2]`, texts without quotes. */
export function goPlain(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPlain).join(' ')}]`
  if (!isJsonObject(value)) return numberValue(value) === undefined ? String(value) : goNumber(value)
  const entries = Object.keys(value)
    .sort()
    .map(key => `${key}:${goPlain(value[key])}`)
  return `map[${entries.join(' ')}]`
}

/** `%#v` of texts. */
export function goStrings(texts: readonly string[]): string {
  return `[]string{${texts.map(text => JSON.stringify(text)).join(', ')}}`
}
