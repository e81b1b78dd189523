// The order of keys in sets of fields: the member sign, then names, then elements by key, value and index. Numbers
// inside keys count as numbers.
import { isJsonObject, type JsonValue, numberValue, parseJson } from '../../json.ts'

const kinds = '.fkvi'
const fieldKind = 'f'.charCodeAt(0)

export function compareKeys(a: string, b: string): number {
  const kind = a.charCodeAt(0)
  if (kind === fieldKind && b.charCodeAt(0) === fieldKind) return a < b ? -1 : a > b ? 1 : 0
  return compareElements(a, b)
}

function compareElements(a: string, b: string): number {
  const kind = a.charAt(0)
  if (kind !== b.charAt(0)) return kinds.indexOf(kind) - kinds.indexOf(b.charAt(0))
  if (kind === '.') return 0
  return compareValues(parseJson(a.slice(2)), parseJson(b.slice(2)))
}

function compareValues(a: JsonValue, b: JsonValue): number {
  if (isJsonObject(a) && isJsonObject(b)) return compareMembers(a, b)
  const difference = rankOf(a) - rankOf(b)
  if (difference !== 0) return difference
  const [x, y] = [numberValue(a), numberValue(b)]
  if (x !== undefined && y !== undefined) return x - y
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Key members are stored in order. */
function compareMembers(a: object, b: object): number {
  const [left, right] = [Object.entries(a), Object.entries(b)]
  for (const [i, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[i] ?? []
    if (otherName === undefined) return 1
    if (name !== otherName) return name < otherName ? -1 : 1
    const difference = compareValues(value, otherValue)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function rankOf(value: JsonValue): number {
  if (numberValue(value) !== undefined) return 0
  return typeof value === 'string' ? 1 : typeof value === 'boolean' ? 2 : 3
}
