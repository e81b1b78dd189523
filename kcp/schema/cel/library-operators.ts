// Operators and conversions of the language itself. Leaves out: `&&`, `||`, `?:` and indexes, which evaluate.ts knows.
import { areEqual, compareValues, elementKey } from './equal.ts'
import { addRanges, type Estimate, oneUnit, type SizedNode } from './estimate-values.ts'
import {
  anything,
  bool,
  bytes,
  double,
  duration,
  type FunctionDeclaration,
  int,
  list,
  map,
  member,
  type Overload,
  overload,
  paramA,
  paramB,
  string,
  type Typed,
  textEstimate,
  timestamp,
  uint,
} from './functions.ts'
import { type Meter, spendWork } from './meter.ts'
import { durationOf, timestampOf } from './time-values.ts'
import {
  type Failure,
  fail,
  isFailure,
  itemsOf,
  type ListValue,
  listValue,
  type Result,
  sizeOf,
  type Uint,
  type Value,
} from './values.ts'

const int64Max = 2n ** 63n - 1n
const uint64Max = 2n ** 64n - 1n

export const intOrOverflow = (value: bigint): Result =>
  value > int64Max || value < -int64Max - 1n ? fail('integer overflow') : value

export const uintOrOverflow = (value: bigint): Uint | Failure =>
  value > uint64Max || value < 0n ? fail('unsigned integer overflow') : { tag: 'uint', value }

const sizeOfNode = (node: SizedNode | undefined) => node?.size ?? { min: 0, max: 0 }

/** Both sides of a comparison are walked over as far as the shorter one goes. */
function estimateComparison([left, right]: readonly SizedNode[]): Estimate {
  const max = Math.min(sizeOfNode(left).max, sizeOfNode(right).max)
  return { cost: textEstimate({ min: max > 0 ? 1 : 0, max }) }
}

const costOfComparison = ([left = null, right = null]: readonly Value[]): number =>
  Math.ceil(Math.min(sizeOf(left), sizeOf(right)) * 0.1)

const comparison = { cost: costOfComparison, estimate: estimateComparison }

function order(name: string, isKept: (order: number) => boolean): FunctionDeclaration {
  const compare = (a: Value, b: Value): Result => {
    const found = compareValues(a, b)
    return typeof found === 'number' ? isKept(found) : found
  }
  const pair = (left: Typed<Value>, right: Typed<Value>, extras = {}) => overload([left, right], bool, compare, extras)
  const numbers = [int, uint, double]
  return {
    name,
    overloads: [
      pair(bool, bool),
      ...numbers.flatMap(left => numbers.map(right => pair(left, right))),
      pair(string, string, comparison),
      pair(bytes, bytes, comparison),
      pair(timestamp, timestamp),
      pair(duration, duration),
    ],
  }
}

const isEqual = (wanted: boolean) => (a: Value, b: Value, meter: Meter) => {
  const same = areEqual(a, b, meter)
  return typeof same === 'boolean' ? same === wanted : same
}

const joined = {
  cost: ([a, b]: readonly Value[]) => Math.ceil((sizeOf(a ?? null) + sizeOf(b ?? null)) * 0.1),
  estimate: ([a, b]: readonly SizedNode[]): Estimate => {
    const size = addRanges(sizeOfNode(a), sizeOfNode(b))
    return { cost: textEstimate(size), size }
  },
}

const additions: readonly Overload[] = [
  overload([bytes, bytes], bytes, (a, b) => new Uint8Array(Buffer.concat([a, b])), joined),
  overload([double, double], double, (a, b) => a + b),
  overload([duration, duration], duration, (a, b) => durationOf(a.nanos + b.nanos)),
  overload([duration, timestamp], timestamp, (a, b) => timestampOf(a.nanos + b.nanos)),
  overload([timestamp, duration], timestamp, (a, b) => timestampOf(a.nanos + b.nanos)),
  overload([int, int], int, (a, b) => intOrOverflow(a + b)),
  overload([list(paramA), list(paramA)], list(paramA), addLists, {
    estimate: ([a, b]) => ({ cost: oneUnit, size: addRanges(sizeOfNode(a), sizeOfNode(b)) }),
  }),
  overload([string, string], string, (a, b) => a + b, joined),
  overload([uint, uint], uint, (a, b) => uintOrOverflow(a.value + b.value)),
]

/** Sets keep each element once, and in list maps elements of the second list replace those of the first. */
function addLists(a: ListValue, b: ListValue, meter: Meter): Result {
  spendWork(meter, a.size + b.size)
  const left = itemsOf(a)
  if (isFailure(left)) return left
  const right = itemsOf(b)
  if (isFailure(right)) return right
  if (a.listType === 'atomic') return listValue([...left, ...right])
  const byKey = new Map(left.map(item => [elementKey(a, item), item]))
  for (const item of right) {
    const key = elementKey(a, item)
    if (a.listType === 'map' || !byKey.has(key)) byKey.set(key, item)
  }
  return { ...listValue([...byKey.values()]), listType: a.listType, keyNames: a.keyNames }
}

const subtractions: readonly Overload[] = [
  overload([double, double], double, (a, b) => a - b),
  overload([duration, duration], duration, (a, b) => durationOf(a.nanos - b.nanos)),
  overload([int, int], int, (a, b) => intOrOverflow(a - b)),
  overload([timestamp, duration], timestamp, (a, b) => timestampOf(a.nanos - b.nanos)),
  overload([timestamp, timestamp], duration, (a, b) => durationOf(a.nanos - b.nanos)),
  overload([uint, uint], uint, (a, b) => uintOrOverflow(a.value - b.value)),
]

const scalings: readonly FunctionDeclaration[] = [
  {
    name: '_*_',
    overloads: [
      overload([double, double], double, (a, b) => a * b),
      overload([int, int], int, (a, b) => intOrOverflow(a * b)),
      overload([uint, uint], uint, (a, b) => uintOrOverflow(a.value * b.value)),
    ],
  },
  {
    name: '_/_',
    overloads: [
      overload([double, double], double, (a, b) => a / b),
      overload([int, int], int, (a, b) => (b === 0n ? fail('division by zero') : intOrOverflow(a / b))),
      overload([uint, uint], uint, (a, b) =>
        b.value === 0n ? fail('division by zero') : uintOrOverflow(a.value / b.value),
      ),
    ],
  },
  {
    name: '_%_',
    overloads: [
      overload([int, int], int, (a, b) => (b === 0n ? fail('modulus by zero') : intOrOverflow(a % b))),
      overload([uint, uint], uint, (a, b) =>
        b.value === 0n ? fail('modulus by zero') : uintOrOverflow(a.value % b.value),
      ),
    ],
  },
]

export function isIn(item: Value, items: ListValue, meter: Meter): Result {
  let problem: Failure | undefined
  for (let index = 0; index < items.size; index++) {
    const other = items.at(index)
    const same = isFailure(other) ? other : areEqual(other, item, meter)
    if (same === true) return true
    if (same !== false) problem ??= same
  }
  return problem ?? false
}

const listSize = {
  cost: ([, items = null]: readonly Value[]) => sizeOf(items),
  estimate: ([, items]: readonly SizedNode[]): Estimate => ({ cost: sizeOfNode(items) }),
}

const sized: readonly Typed<Value>[] = [bytes, list(paramA), map(paramA, paramB), string]
const sizeOverloads = (declare: typeof overload): Overload[] =>
  sized.map(type =>
    declare([type], int, (value, meter) => {
      if (typeof value === 'string') spendWork(meter, value.length / 100)
      return BigInt(sizeOf(value))
    }),
  )

export const operators: readonly FunctionDeclaration[] = [
  { name: '_==_', overloads: [overload([paramA, paramA], bool, isEqual(true), comparison)] },
  { name: '_!=_', overloads: [overload([paramA, paramA], bool, isEqual(false), comparison)] },
  order('_<_', found => found < 0),
  order('_<=_', found => found <= 0),
  order('_>_', found => found > 0),
  order('_>=_', found => found >= 0),
  { name: '_+_', overloads: additions },
  { name: '_-_', overloads: subtractions },
  ...scalings,
  { name: '!_', overloads: [overload([bool], bool, value => !value)] },
  {
    name: '-_',
    overloads: [overload([double], double, value => -value), overload([int], int, value => intOrOverflow(-value))],
  },
  {
    name: '@in',
    overloads: [
      overload([paramA, list(paramA)], bool, isIn, listSize),
      overload([paramA, map(paramA, paramB)], bool, (key, entries) => {
        const found = entries.get(key)
        return found !== undefined && isFailure(found) ? found : found !== undefined
      }),
    ],
  },
  { name: 'size', overloads: [...sizeOverloads(overload), ...sizeOverloads(member)] },
  { name: 'dyn', overloads: [overload([paramA], anything, value => value)] },
]
