// JSON as the wire has it: numbers that a double cannot hold keep their text, and `__proto__` is just a key.
// Leaves out: streaming and comments.

/** A number kept as its own text (JSON.rawJSON); always treated as an opaque leaf. */
export interface RawNumber {
  readonly rawJSON: string
}
export type JsonValue = null | boolean | number | string | RawNumber | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue | undefined
}

type RawJsonApi = { rawJSON(text: string): RawNumber; isRawJSON(value: unknown): value is RawNumber }
const rawApi = JSON as unknown as RawJsonApi

// Only numbers that may lose digits in a double need the slow reviver; strings may match too, at the cost of time only.
const riskyNumber = /[:,[]\s*-?(?:\d{16,}|\d+\.\d+[eE]?|\d+[eE])/

/** Parses JSON text; throws SyntaxError. Integers beyond 2^53 and floats a double would reprint differently become RawNumber. */
export function parseJson(text: string): JsonValue {
  if (!riskyNumber.test(text)) return JSON.parse(text)
  return JSON.parse(text, function keepText(
    this: unknown,
    _key: string,
    value: unknown,
    context?: { source?: string },
  ) {
    if (typeof value !== 'number' || context?.source === undefined) return value
    return String(value) === context.source ? value : rawApi.rawJSON(context.source)
  } as (key: string, value: unknown) => unknown)
}

/** Go's parser goes ten times deeper; here validation and patches call themselves for each level. */
export const nestingLevelsMax = 1_000

/** Parses what somebody sent; throws SyntaxError also for what nests deeper than `nestingLevelsMax`. */
export function parseSentJson(text: string): JsonValue {
  if (text.length > 2 * nestingLevelsMax && nestsTooDeep(text)) throw new SyntaxError('exceeded max depth')
  return parseJson(surrogateEscape.test(text) ? pairedSurrogates(text) : text)
}

const surrogateEscape = /\\u[dD][89a-fA-F]/

/** As Go reads it: half of a surrogate pair is U+FFFD. An escaped backslash is matched, so that what follows is no escape. */
function pairedSurrogates(text: string): string {
  const pair = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs
  const single = /^\\u[dD].{3}$/
  return text.replace(pair, sign => (single.test(sign) ? '\\ufffd' : sign))
}

const [quote, backslash] = [34, 92]

function nestsTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === quote) inString = !inString
    else if (inString) index += code === backslash ? 1 : 0
    // [ ] { } differ in one bit each: 0x5b 0x5d 0x7b 0x7d.
    else if ((code & 0xdf) === 0x5b && ++depth > nestingLevelsMax) return true
    else if ((code & 0xdf) === 0x5d) depth--
  }
  return false
}

export function isTooDeep(value: JsonValue | undefined, levelsLeft: number = nestingLevelsMax): boolean {
  if (Array.isArray(value)) return levelsLeft === 0 || value.some(item => isTooDeep(item, levelsLeft - 1))
  if (!isJsonObject(value)) return false
  return levelsLeft === 0 || Object.keys(value).some(key => isTooDeep(value[key], levelsLeft - 1))
}

export function isRawNumber(value: unknown): value is RawNumber {
  return rawApi.isRawJSON(value)
}

/** A number as this text, which must be one of JSON. */
export function rawNumber(text: string): RawNumber {
  return rawApi.rawJSON(text)
}

/** The value of a JSON number, raw or not; undefined for anything else. */
export function numberValue(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return isRawNumber(value) ? Number(value.rawJSON) : undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !rawApi.isRawJSON(value)
}

/** What somebody sent where a text or a number belongs, as a text. */
export function plainText(value: JsonValue | undefined): string {
  if (isRawNumber(value)) return value.rawJSON
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The kind of a value as Go's decoder calls it. */
export function goKind(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (numberValue(value) !== undefined) return 'number'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** Sets an own property whatever its name is; plain assignment would call the `__proto__` setter. */
export function setOwn(object: JsonObject, key: string, value: JsonValue | undefined): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

/** Reads an own property only, so that inherited names such as `constructor` are absent. */
export function getOwn(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Members that are undefined are left out, as the wire would. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => copyJson(item)) as T
  if (!isJsonObject(value)) return value
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined) setOwn(copy, key, copyJson(member))
  }
  return copy as T
}

/** Deep equality; absent and undefined members are the same, member order does not count. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalJson(item, b[i]))
  if (isRawNumber(a) || isRawNumber(b)) return isRawNumber(a) && isRawNumber(b) && a.rawJSON === b.rawJSON
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  for (const key of Object.keys(a)) if (!equalJson(getOwn(a, key), getOwn(b, key))) return false
  for (const key of Object.keys(b)) if (getOwn(b, key) !== undefined && getOwn(a, key) === undefined) return false
  return true
}
