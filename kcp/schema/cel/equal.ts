// Equality and order of values. Numbers of different types compare by value; lists compare as their
// x-kubernetes-list-type says, which the left one decides.
import { equalJson } from '../../../api/json.ts'
import { type Meter, spendWork } from './meter.ts'
import {
  type Failure,
  fail,
  hasTag,
  isFailure,
  keyText,
  type ListValue,
  type MapValue,
  type Result,
  type Value,
} from './values.ts'

/** Of how many characters a comparison of texts is one unit of work. */
const charsPerUnit = 500

export function areEqual(a: Value, b: Value, meter: Meter): boolean | Failure {
  spendWork(meter, typeof a === 'string' ? 1 + a.length / charsPerUnit : 1)
  if (a === b) return true
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) === 0
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0
  }
  if (hasTag(a, 'list')) return hasTag(b, 'list') && equalLists(a, b, meter)
  if (hasTag(a, 'map')) return hasTag(b, 'map') && equalMaps(a, b, meter)
  if (hasTag(a, 'optional')) {
    if (!hasTag(b, 'optional')) return false
    if (a.value === undefined || b.value === undefined) return a.value === b.value
    return areEqual(a.value, b.value, meter)
  }
  if (hasTag(a, 'opaque')) return hasTag(b, 'opaque') && a.type === b.type && a.equals(b)
  if (hasTag(a, 'type')) return hasTag(b, 'type') && a.name === b.name
  return 'nanos' in a && 'nanos' in b && a.tag === b.tag && a.nanos === b.nanos
}

function equalLists(a: ListValue, b: ListValue, meter: Meter): boolean | Failure {
  if (a.size !== b.size) return false
  if (a.listType !== 'atomic') return equalUnordered(a, b, meter)
  for (let index = 0; index < a.size; index++) {
    const [left, right] = [a.at(index), b.at(index)]
    if (isFailure(left)) return left
    if (isFailure(right)) return right
    const same = areEqual(left, right, meter)
    if (same !== true) return same
  }
  return true
}

function equalUnordered(a: ListValue, b: ListValue, meter: Meter): boolean | Failure {
  const known = new Map<string, Result>()
  for (let index = 0; index < a.size; index++) known.set(elementKey(a, a.at(index)), a.at(index))
  for (let index = 0; index < b.size; index++) {
    spendWork(meter, 1)
    const item = b.at(index)
    if (isFailure(item)) return item
    const other = known.get(elementKey(a, item))
    if (other === undefined) return false
    if (isFailure(other)) return other
    if (a.listType === 'set') continue
    const same = areEqual(other, item, meter)
    if (same !== true) return same
  }
  return true
}

/** What identifies an element: its keys in a list map, itself in a set. */
export function elementKey(list: ListValue, item: Result): string {
  if (isFailure(item)) return 'failure'
  if (list.listType !== 'map') return keyText(item)
  if (!hasTag(item, 'map')) return ''
  return JSON.stringify(
    list.keyNames.map(name => {
      const key = item.get(name)
      return key === undefined || isFailure(key) ? null : keyText(key)
    }),
  )
}

function equalMaps(a: MapValue, b: MapValue, meter: Meter): boolean | Failure {
  spendWork(meter, 20)
  if (a.size !== b.size) return false
  for (const key of a.keys()) {
    spendWork(meter, 5)
    const [left, right] = [a.get(key), b.get(key)]
    if (left === undefined || right === undefined) return left === right
    if (isFailure(left)) return left
    if (isFailure(right)) return right
    const same = areEqual(left, right, meter)
    if (same !== true) return same
  }
  if (a.unknown === undefined && b.unknown === undefined) return true
  return equalJson(a.unknown ?? {}, b.unknown ?? {})
}

type Numeric = bigint | number | Extract<Value, { tag: 'uint' }>

export function isNumeric(value: Value): value is Numeric {
  return typeof value === 'bigint' || typeof value === 'number' || hasTag(value, 'uint')
}

/** JavaScript compares bigints and numbers by value; undefined when one is not a number. */
export function compareNumbers(a: Numeric, b: Numeric): number | undefined {
  const left = typeof a === 'object' ? a.value : a
  const right = typeof b === 'object' ? b.value : b
  if (left < right) return -1
  if (left > right) return 1
  // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same here
  return left == right ? 0 : undefined
}

/** -1, 0 or 1; the operands are of one type, or numbers. */
export function compareValues(a: Value, b: Value): number | Failure {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b) ?? fail('NaN values cannot be ordered')
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  if ((hasTag(a, 'timestamp') || hasTag(a, 'duration')) && (hasTag(b, 'timestamp') || hasTag(b, 'duration'))) {
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0
  }
  return fail('no such overload')
}

/** In the order of code points, as UTF-8 has it; UTF-16 differs above the surrogates. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === length) return a.length < b.length ? -1 : 1
  const order = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit)
  return order(a.charCodeAt(i)) < order(b.charCodeAt(i)) ? -1 : 1
}
