// Kubernetes' libraries over lists, sets and regular expressions. Leaves out: operators on lists (library-operators.ts).

import { compileGoRegExp, type GoRegExp, goRegExpProblem } from '../go-regexp.ts'
import { findStepsMax } from '../regexp/find.ts'
import { matchStepsMax, RegExpCostError, type StepBudget } from '../regexp/match.ts'
import { areEqual, compareValues } from './equal.ts'
import {
  addRanges,
  type Estimate,
  exactly,
  multiplyRanges,
  oneUnit,
  type SizedNode,
  scaleRange,
} from './estimate-values.ts'
import {
  bool,
  bytes,
  double,
  duration,
  type FunctionDeclaration,
  int,
  list,
  member,
  overload,
  paramA,
  regexCost,
  regexEstimate,
  string,
  type Typed,
  textEstimate,
  timestamp,
  uint,
} from './functions.ts'
import { intOrOverflow, isIn, uintOrOverflow } from './library-operators.ts'
import { CostExceeded, type Meter, spendWork } from './meter.ts'
import { durationOf } from './time-values.ts'
import {
  charsLength,
  type Failure,
  fail,
  hasTag,
  isFailure,
  itemsOf,
  type ListValue,
  listValue,
  type Result,
  sizeOf,
  type Value,
} from './values.ts'

const comparable: readonly Typed<Value>[] = [int, uint, double, bool, duration, timestamp, string, bytes]
const zero = exactly(0)

/** Of walking over a value with all it holds. */
function traversalCost(value: Result): number {
  if (isFailure(value)) return 0
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * 0.1)
  if (value instanceof Uint8Array) return Math.floor(value.length * 0.1)
  if (hasTag(value, 'list')) {
    let cost = 0
    for (let index = 0; index < value.size; index++) cost += traversalCost(value.at(index))
    return cost
  }
  if (!hasTag(value, 'map')) return 1
  return value.keys().reduce<number>((sum, key) => sum + traversalCost(key) + traversalCost(value.get(key) ?? null), 0)
}

const traversed = {
  cost: ([items]: readonly Value[]) => traversalCost(items ?? null),
  estimate: ([items]: readonly SizedNode[]): Estimate => {
    const item = items?.type.params[0]?.kind
    const isText = item === 'string' || item === 'bytes'
    const each = isText ? addRanges(oneUnit, textEstimate(items?.itemSize ?? zero)) : oneUnit
    return { cost: multiplyRanges(items?.librarySize ?? zero, each) }
  },
}

function isSorted(items: ListValue): Result {
  for (let index = 1; index < items.size; index++) {
    const [previous, next] = [items.at(index - 1), items.at(index)]
    if (isFailure(previous)) return previous
    if (isFailure(next)) return next
    const order = compareValues(previous, next)
    if (typeof order !== 'number') return order
    if (order > 0) return false
  }
  return true
}

function extreme(name: string, sign: number): (items: ListValue) => Result {
  return values => {
    const items = itemsOf(values)
    if (isFailure(items)) return items
    let [found] = items
    if (found === undefined) return fail(`${name} called on empty list`)
    for (const item of items) {
      const order = compareValues(item, found)
      if (typeof order !== 'number') return order
      if (order * sign > 0) found = item
    }
    return found
  }
}

function sum(values: ListValue, start: Value, add: (a: Value, b: Value) => Result): Result {
  const items = itemsOf(values)
  if (isFailure(items)) return items
  let total: Result = start
  for (const item of items) {
    if (isFailure(total)) return total
    total = add(total, item)
  }
  return total
}

const wrongType = (): Failure => fail('no such overload')

const sums = [
  member([list(int)], int, items =>
    sum(items, 0n, (a, b) => (typeof a === 'bigint' && typeof b === 'bigint' ? intOrOverflow(a + b) : wrongType())),
  ),
  member([list(uint)], uint, items =>
    sum(items, { tag: 'uint', value: 0n }, (a, b) =>
      hasTag(a, 'uint') && hasTag(b, 'uint') ? uintOrOverflow(a.value + b.value) : wrongType(),
    ),
  ),
  member([list(double)], double, items =>
    sum(items, 0, (a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : wrongType())),
  ),
  member([list(duration)], duration, items =>
    sum(items, { tag: 'duration', nanos: 0n }, (a, b) =>
      hasTag(a, 'duration') && hasTag(b, 'duration') ? durationOf(a.nanos + b.nanos) : wrongType(),
    ),
  ),
].map(declared => ({ ...declared, ...traversed }))

function indexIn(items: ListValue, item: Value, { meter, isLast }: { meter: Meter; isLast: boolean }): Result {
  for (let i = 0; i < items.size; i++) {
    const index = isLast ? items.size - 1 - i : i
    const other = items.at(index)
    if (!isFailure(other) && areEqual(other, item, meter) === true) return BigInt(index)
  }
  return -1n
}

const product = ([a = null, b = null]: readonly Value[]) => sizeOf(a) * sizeOf(b)
const setsCost = (factor: number) => ({
  cost: (args: readonly Value[]) => 1 + Math.floor(product(args) * factor),
  estimate: ([a, b]: readonly SizedNode[]): Estimate => {
    const pairs = multiplyRanges(a?.librarySize ?? zero, b?.librarySize ?? zero)
    return { cost: addRanges(scaleRange(pairs, factor), oneUnit) }
  },
})

function contains(all: ListValue, some: ListValue, meter: Meter): Result {
  for (let index = 0; index < some.size; index++) {
    const item = some.at(index)
    const found = isFailure(item) ? item : isIn(item, all, meter)
    if (found !== true) return found
  }
  return true
}

function intersects(a: ListValue, b: ListValue, meter: Meter): Result {
  for (let index = 0; index < a.size; index++) {
    const item = a.at(index)
    if (!isFailure(item) && isIn(item, b, meter) === true) return true
  }
  return false
}

interface PatternUse<T> {
  readonly meter: Meter
  /** Of work; one is about 50 ns. */
  readonly unitsAStep: number
  readonly stepsMax: number
  run(expression: GoRegExp, budget: StepBudget): T
}

/** A pattern that is too expensive for a text ends the rule as costs do. */
function withPattern<T>(pattern: string, { meter, unitsAStep, stepsMax, run }: PatternUse<T>): T | undefined {
  const expression = compileGoRegExp(pattern)
  if (expression === undefined) return undefined
  const steps = Math.min(stepsMax, Math.floor((meter.max - meter.work) / unitsAStep))
  const budget = { steps }
  try {
    const result = run(expression, budget)
    spendWork(meter, (steps - budget.steps) * unitsAStep)
    return result
  } catch (error) {
    if (error instanceof RegExpCostError) throw new CostExceeded('operation cancelled: actual cost limit exceeded')
    throw error
  }
}

const problemOf = (pattern: string) => goRegExpProblem(pattern) ?? 'error parsing regexp'

function matches(text: string, pattern: string, meter: Meter): Result {
  const run = (expression: GoRegExp, budget: StepBudget) => expression.test(text, budget)
  return withPattern(pattern, { meter, unitsAStep: 0.4, stepsMax: matchStepsMax, run }) ?? fail(problemOf(pattern))
}

function findAll(text: string, pattern: string, { max, meter }: { max: bigint; meter: Meter }): string[] | Failure {
  const run = (expression: GoRegExp, budget: StepBudget) =>
    expression.findAll(text, max < 0n ? -1 : Number(max), budget)
  const found = withPattern(pattern, { meter, unitsAStep: 2, stepsMax: findStepsMax, run })
  return found ?? fail(`Illegal regex: ${problemOf(pattern)}`)
}

function find(text: string, pattern: string, meter: Meter): Result {
  const found = findAll(text, pattern, { max: 1n, meter })
  return isFailure(found) ? found : (found[0] ?? '')
}

function listMatches(text: string, pattern: string, options: { max: bigint; meter: Meter }): Result {
  const found = findAll(text, pattern, options)
  return isFailure(found) ? found : listValue(found)
}

const patternCost = ([text, pattern]: readonly Value[]) =>
  regexCost(text, typeof pattern === 'string' ? charsLength(pattern) : 0)
const searched = {
  cost: patternCost,
  estimate: ([text, pattern]: readonly SizedNode[]): Estimate => {
    const size = text?.librarySize ?? zero
    const patternSize = regexEstimate(pattern?.librarySize ?? zero)
    return {
      cost: multiplyRanges(textEstimate(addRanges(size, oneUnit)), patternSize),
      size: { min: 0, max: size.max },
    }
  },
}
const matched = {
  cost: patternCost,
  estimate: ([text, pattern]: readonly SizedNode[]): Estimate => ({
    cost: multiplyRanges(textEstimate(addRanges(text?.size ?? zero, oneUnit)), regexEstimate(pattern?.size ?? zero)),
  }),
}

export const lists: readonly FunctionDeclaration[] = [
  { name: 'isSorted', overloads: comparable.map(type => member([list(type)], bool, isSorted, traversed)) },
  { name: 'sum', overloads: sums },
  { name: 'max', overloads: comparable.map(type => member([list(type)], type, extreme('max', 1), traversed)) },
  { name: 'min', overloads: comparable.map(type => member([list(type)], type, extreme('min', -1), traversed)) },
  {
    name: 'indexOf',
    overloads: [
      member(
        [list(paramA), paramA],
        int,
        (items, item, meter) => indexIn(items, item, { meter, isLast: false }),
        traversed,
      ),
    ],
  },
  {
    name: 'lastIndexOf',
    overloads: [
      member(
        [list(paramA), paramA],
        int,
        (items, item, meter) => indexIn(items, item, { meter, isLast: true }),
        traversed,
      ),
    ],
  },
  { name: 'sets.contains', overloads: [overload([list(paramA), list(paramA)], bool, contains, setsCost(1))] },
  {
    name: 'sets.equivalent',
    overloads: [
      overload(
        [list(paramA), list(paramA)],
        bool,
        (a, b, meter) => {
          const found = contains(a, b, meter)
          return found === true ? contains(b, a, meter) : found
        },
        setsCost(2),
      ),
    ],
  },
  { name: 'sets.intersects', overloads: [overload([list(paramA), list(paramA)], bool, intersects, setsCost(1))] },
  {
    name: 'matches',
    overloads: [
      member([string, string], bool, matches, matched),
      // Called as a function it costs one in Kubernetes, whatever the text is: the work counts here.
      overload([string, string], bool, matches),
    ],
  },
  { name: 'find', overloads: [member([string, string], string, find, searched)] },
  {
    name: 'findAll',
    overloads: [
      member(
        [string, string],
        list(string),
        (text, pattern, meter) => listMatches(text, pattern, { max: -1n, meter }),
        searched,
      ),
      member(
        [string, string, int],
        list(string),
        (text, pattern, max, meter) => listMatches(text, pattern, { max, meter }),
        searched,
      ),
    ],
  },
]
