// Macros that walk over lists and maps. Costs per element are those of the steps cel-go expands them to.
import type { Expression, Loop, OptionalMap } from './expression.ts'
import { charge } from './meter.ts'
import { type Evaluate, type Frame, type Scope, withSlot } from './scope.ts'
import { type Failure, fail, hasTag, isFailure, listValue, type Result, type Value } from './values.ts'

type Compile = (expression: Expression, scope: Scope) => Evaluate
type Step = (frame: Frame, item: Value) => Result

const noSuchOverload = fail('no such overload')

export function compileLoop(loop: Loop, scope: Scope, compile: Compile): Evaluate {
  const range = compile(loop.range, scope)
  const { inner, slot } = withSlot(scope, loop.variable)
  const bind =
    (part: Evaluate): Step =>
    (frame, item) => {
      frame.slots[slot] = item
      return part(frame)
    }
  const predicate = loop.predicate && bind(compile(loop.predicate, inner))
  const transform = loop.transform && bind(compile(loop.transform, inner))
  const run = loopOf(loop, predicate, transform)
  return frame => {
    const values = range(frame)
    if (isFailure(values)) return values
    const items = elementsOf(values)
    return items === undefined ? noSuchOverload : run(frame, items)
  }
}

interface Elements {
  readonly size: number
  at(index: number): Result
}

function elementsOf(values: Value): Elements | undefined {
  if (hasTag(values, 'list')) return values
  if (!hasTag(values, 'map')) return undefined
  const keys = values.keys()
  return { size: keys.length, at: index => keys[index] ?? null }
}

type Run = (frame: Frame, items: Elements) => Result

function loopOf({ name }: Loop, predicate: Step | undefined, transform: Step | undefined): Run {
  if (transform !== undefined) return collect(predicate, transform)
  if (predicate === undefined) return () => noSuchOverload
  switch (name) {
    case 'all':
      return quantify(predicate, { deciding: false, check: 2 })
    case 'exists':
      return quantify(predicate, { deciding: true, check: 3 })
    case 'exists_one':
      return countOne(predicate)
    default:
      return collect(predicate, (frame, item) => {
        charge(frame.meter, 1)
        return item
      })
  }
}

/** all ends at the first false, exists at the first true; a failure waits for one that decides. */
function quantify(predicate: Step, { deciding, check }: { deciding: boolean; check: number }): Run {
  return (frame, items) => {
    let problem: Failure | undefined
    for (let index = 0; index < items.size; index++) {
      charge(frame.meter, check + 1)
      const item = items.at(index)
      const kept = isFailure(item) ? item : predicate(frame, item)
      if (kept === deciding) {
        charge(frame.meter, check + 1)
        return deciding
      }
      if (kept !== !deciding) problem ??= isFailure(kept) ? kept : noSuchOverload
    }
    charge(frame.meter, 1)
    return problem ?? !deciding
  }
}

function countOne(predicate: Step): Run {
  return (frame, items) => {
    let count = 0
    for (let index = 0; index < items.size; index++) {
      const item = items.at(index)
      const kept = isFailure(item) ? item : predicate(frame, item)
      charge(frame.meter, kept === true ? 2 : 1)
      if (isFailure(kept)) return kept
      if (kept === true) count++
      else if (kept !== false) return noSuchOverload
    }
    charge(frame.meter, 2)
    return count === 1
  }
}

/** map and filter: one element of the result costs a list of one and an addition. */
function collect(predicate: Step | undefined, transform: Step): Run {
  return (frame, items) => {
    const found: Value[] = []
    for (let index = 0; index < items.size; index++) {
      const item = items.at(index)
      if (isFailure(item)) return item
      const kept = predicate?.(frame, item) ?? true
      if (isFailure(kept)) return kept
      if (kept === false) {
        charge(frame.meter, 1)
        continue
      }
      if (kept !== true) return noSuchOverload
      const value = transform(frame, item)
      if (isFailure(value)) return value
      charge(frame.meter, 12)
      found.push(value)
    }
    charge(frame.meter, 1)
    return listValue(found)
  }
}

export function compileOptionalMap(expression: OptionalMap, scope: Scope, compile: Compile): Evaluate {
  const operand = compile(expression.operand, scope)
  const { inner, slot } = withSlot(scope, expression.variable)
  const body = compile(expression.body, inner)
  return frame => {
    const value = operand(frame)
    charge(frame.meter, 3)
    if (isFailure(value)) return value
    if (!hasTag(value, 'optional')) return noSuchOverload
    if (value.value === undefined) return value
    frame.slots[slot] = value.value
    const result = body(frame)
    return isFailure(result) || expression.isFlat ? result : { tag: 'optional', value: result }
  }
}
