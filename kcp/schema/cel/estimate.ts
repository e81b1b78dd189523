// The most a rule can cost, from the limits of its schema: what Kubernetes computes when a CRD is created, step by step.
// Leaves out: how often a rule runs (schema-rules.ts multiplies).
import type { Checked } from './check.ts'
import {
  addRanges,
  type Estimate,
  exactly,
  multiplyRanges,
  noCost,
  oneUnit,
  type Range,
  type SizedNode,
  unbounded,
  unionRange,
} from './estimate-values.ts'
import type { Call, Expression, Loop, OptionalMap, Select } from './expression.ts'
import type { Shape } from './shape.ts'
import type { Type } from './types.ts'
import { charsLength, kindOf, type Value } from './values.ts'

/** `self`, then names of fields, `@items`, `@values` and `@keys`. */
type Path = readonly string[]

interface Estimating {
  readonly checked: Checked
  readonly root: Shape
  readonly paths: Map<Expression, Path>
  readonly sizes: Map<Expression, Range>
  /** Ranges of the loops around, by variable. */
  readonly ranges: ReadonlyMap<string, Expression>
}

export function estimateCost(checked: Checked, root: Shape): number {
  return estimate(checked.expression, { checked, root, paths: new Map(), sizes: new Map(), ranges: new Map() }).max
}

function estimate(expression: Expression, state: Estimating): Range {
  switch (expression.kind) {
    case 'literal':
      return noCost
    case 'identifier':
      return estimateName(expression, expression.name, state)
    case 'select':
      return estimateSelect(expression, state)
    case 'call':
      return estimateCall(expression, state)
    case 'list':
      return addRanges(exactly(10), ...expression.items.map(item => estimate(item, state)))
    case 'map':
      return addRanges(exactly(30), ...expression.entries.flat().map(part => estimate(part, state)))
    case 'loop':
      return estimateLoop(expression, state)
    case 'optional-map':
      return estimateOptionalMap(expression, state)
  }
}

function estimateName(expression: Expression, name: string, state: Estimating): Range {
  const range = state.ranges.get(name)
  const step = range === undefined ? undefined : itemStep(state.checked.typeAt(range))
  if (range === undefined) state.paths.set(expression, [name])
  else if (step !== undefined) appendPath(expression, range, { step, state })
  return oneUnit
}

const itemStep = ({ kind }: Type): string | undefined =>
  kind === 'list' ? '@items' : kind === 'map' ? '@keys' : undefined

function appendPath(
  expression: Expression,
  base: Expression,
  { step, state }: { step: string; state: Estimating },
): void {
  // As in Kubernetes, a part of what has no path counts as the whole value: its path has one step only.
  state.paths.set(expression, [...(state.paths.get(base) ?? []), step])
}

function estimateSelect(expression: Select, state: Estimating): Range {
  const typeName = state.checked.typeNameAt(expression)
  if (typeName !== undefined) return estimateName(expression, typeName, state)
  const operand = estimate(expression.operand, state)
  if (expression.mode === 'test') return operand
  const { kind } = state.checked.typeAt(expression.operand)
  appendPath(expression, expression.operand, { step: expression.field, state })
  if (expression.mode === 'optional') return addRanges(operand, oneUnit)
  return kind === 'map' || kind === 'object' ? addRanges(operand, oneUnit) : operand
}

function estimateCall(call: Call, state: Estimating): Range {
  const name = state.checked.functionAt(call)
  const costs = call.args.map(arg => estimate(arg, state))
  const isMember = name === call.name && call.receiver !== undefined
  const receiver = isMember && call.receiver !== undefined ? estimate(call.receiver, state) : noCost
  const parts = isMember && call.receiver !== undefined ? [call.receiver, ...call.args] : call.args
  const nodes = parts.map(part => sizedNode(part, state))
  if (name === '_&&_' || name === '_||_') {
    return { min: costs[0]?.min ?? 0, max: costs.reduce((sum, cost) => sum + cost.max, 0) }
  }
  const overloads = state.checked.overloadsAt(call)
  const [operand] = call.args
  for (const { pathStep } of overloads) {
    if (pathStep !== undefined && operand !== undefined) appendPath(call, operand, { step: pathStep, state })
  }
  const estimates = overloads.map((overload): Estimate => overload.estimate?.(nodes) ?? { cost: oneUnit })
  noteSize(call, estimates, state)
  if (name === '_?_:_') return addRanges(costs[0] ?? noCost, unionRange(costs[1] ?? noCost, costs[2] ?? noCost))
  const own = estimates.map(({ cost }) => cost).reduce(unionRange, { min: Number.POSITIVE_INFINITY, max: 0 })
  return addRanges(receiver, own, ...costs)
}

function noteSize(call: Call, estimates: readonly Estimate[], state: Estimating): void {
  const sizes = estimates.flatMap(({ size }) => (size === undefined ? [] : [size]))
  const [first] = sizes
  if (first !== undefined) state.sizes.set(call, sizes.reduce(unionRange, first))
}

function estimateLoop(loop: Loop, state: Estimating): Range {
  const range = estimate(loop.range, state)
  const count = sizeOfExpression(loop.range, state)
  const inner = { ...state, ranges: new Map(state.ranges).set(loop.variable, loop.range) }
  const predicate = loop.predicate === undefined ? noCost : estimate(loop.predicate, inner)
  const transform = loop.transform === undefined ? oneUnit : estimate(loop.transform, inner)
  const { start, step, end } = stepsOf(loop, predicate, transform)
  state.sizes.set(loop, count)
  return addRanges(range, exactly(start), multiplyRanges(count, step), exactly(end))
}

/** What cel-go expands the macros to costs this much before, for each element, and after. */
function stepsOf(loop: Loop, predicate: Range, transform: Range): { start: number; step: Range; end: number } {
  switch (loop.name) {
    case 'all':
      return { start: 0, step: addRanges(exactly(2), { min: 1, max: 1 + predicate.max }), end: 1 }
    case 'exists':
      return { start: 0, step: addRanges(exactly(3), { min: 1, max: 1 + predicate.max }), end: 1 }
    case 'exists_one':
      return { start: 0, step: addRanges(predicate, { min: 1, max: 2 }), end: 2 }
    case 'filter':
      return { start: 10, step: addRanges(predicate, { min: 1, max: 13 }), end: 1 }
    case 'map': {
      const added = addRanges(transform, exactly(12))
      const step = loop.predicate === undefined ? added : addRanges(predicate, unionRange(oneUnit, added))
      return { start: 10, step, end: 1 }
    }
  }
}

/** `o.hasValue() ? optional.of(<body with o.value()>) : optional.none()`. */
function estimateOptionalMap(expression: OptionalMap, state: Estimating): Range {
  const operand = estimate(expression.operand, state)
  const ranges = new Map(state.ranges)
  ranges.delete(expression.variable)
  const body = estimate(expression.body, { ...state, ranges })
  const bound = addRanges(exactly(12), operand, body, expression.isFlat ? noCost : oneUnit)
  return addRanges(operand, oneUnit, unionRange(bound, oneUnit))
}

const scalarKinds: readonly Type['kind'][] = ['bool', 'double', 'duration', 'int', 'timestamp', 'uint']

function sizedNode(expression: Expression, state: Estimating): SizedNode {
  const type = state.checked.typeAt(expression)
  const path = state.paths.get(expression)
  const item = type.params[0]
  const literal = expression.kind === 'literal' ? expression.value : undefined
  const base = {
    type,
    size: sizeOfExpression(expression, state),
    librarySize: knownSize(expression, state) ?? unbounded,
    itemSize: item === undefined ? undefined : (sizeAt(path && [...path, '@items'], state.root) ?? unbounded),
  }
  return literal === undefined ? base : { ...base, literal }
}

function sizeOfExpression(expression: Expression, state: Estimating): Range {
  const known = knownSize(expression, state)
  if (known !== undefined) return known
  return scalarKinds.includes(state.checked.typeAt(expression).kind) ? oneUnit : unbounded
}

function knownSize(expression: Expression, state: Estimating): Range | undefined {
  const computed = state.sizes.get(expression)
  if (computed !== undefined) return computed
  switch (expression.kind) {
    case 'literal':
      return literalSize(expression.value)
    case 'list':
      return exactly(expression.items.length)
    case 'map':
      return exactly(expression.entries.length)
    default:
      return sizeAt(state.paths.get(expression), state.root)
  }
}

function literalSize(value: Value): Range | undefined {
  if (typeof value === 'string') return exactly(charsLength(value))
  if (value instanceof Uint8Array) return exactly(value.length)
  return kindOf(value) === 'list' ? undefined : oneUnit
}

/** What the schema says of the size at a path; undefined where the path leaves it. */
function sizeAt(path: Path | undefined, root: Shape): Range | undefined {
  if (path === undefined) return undefined
  let shape: Shape | undefined = root
  let isKey = false
  for (const step of path.slice(1)) {
    if (isKey || shape === undefined) return undefined
    if (step === '@items' || step === '@values') shape = shape.element
    else if (step === '@keys') {
      if (shape.form !== 'map') return undefined
      isKey = true
    } else shape = shape.fields.get(step)?.shape
  }
  // Keys of maps are texts of a type that has no limit of its own.
  if (isKey) return exactly(0)
  return shape && { min: 0, max: shape.sizeMax }
}
