// A checked expression as a function: values in, a value or a failure out, cost counted at each step as cel-go counts it.
// Leaves out: loops (loops.ts) and what functions do (library.ts).
import type { Call, Expression, ListLiteral, MapLiteral, Select } from './expression.ts'
import type { Overload } from './functions.ts'
import { compileLoop, compileOptionalMap } from './loops.ts'
import { charge } from './meter.ts'
import type { Evaluate, Scope } from './scope.ts'
import type { Type } from './types.ts'
import {
  fail,
  hasTag,
  isFailure,
  keyText,
  kindOf,
  listValue,
  mapValue,
  type Result,
  runtimeTypeName,
  type Value,
} from './values.ts'

const noSuchOverload = fail('no such overload')

export function compile(expression: Expression, scope: Scope): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'identifier':
      return compileName(expression.name, scope)
    case 'select':
      return compileSelect(expression, scope)
    case 'call':
      return compileCall(expression, scope)
    case 'list':
      return compileList(expression, scope)
    case 'map':
      return compileMap(expression, scope)
    case 'loop':
      return compileLoop(expression, scope, compile)
    case 'optional-map':
      return compileOptionalMap(expression, scope, compile)
  }
}

function compileName(name: string, { slots }: Scope): Evaluate {
  const slot = slots.get(name)
  if (slot === undefined) {
    const value: Value = { tag: 'type', name }
    return () => value
  }
  return ({ meter, slots: values }) => {
    charge(meter, 1)
    return values[slot] ?? null
  }
}

function compileSelect(expression: Select, scope: Scope): Evaluate {
  const typeName = scope.checked.typeNameAt(expression)
  if (typeName !== undefined) return () => ({ tag: 'type', name: typeName })
  const operand = compile(expression.operand, scope)
  const { field, mode } = expression
  if (mode === 'test') {
    return frame => {
      const value = operand(frame)
      if (isFailure(value)) return value
      const found = memberOf(value, field)
      if (hasTag(found, 'optional')) return found.value !== undefined
      if (!isFailure(found)) return true
      return found.message === noKey + field ? false : found
    }
  }
  return frame => {
    const value = operand(frame)
    charge(frame.meter, 1)
    if (isFailure(value)) return value
    const found = memberOf(value, field)
    return mode === 'optional' && !hasTag(value, 'optional') ? asOptional(found) : found
  }
}

const noKey = 'no such key: '
const outOfBounds = 'index out of bounds: '

function asOptional(found: Result): Result {
  if (!isFailure(found)) return { tag: 'optional', value: found }
  const isAbsent = found.message.startsWith(noKey) || found.message.startsWith(outOfBounds)
  return isAbsent ? { tag: 'optional', value: undefined } : found
}

/** A member of a map, an element of a list; of an optional an optional. */
function memberOf(value: Value, key: Value): Result {
  if (hasTag(value, 'map')) {
    const found = value.get(key)
    return found === undefined ? fail(noKey + showKey(key)) : found
  }
  if (hasTag(value, 'list')) {
    const index = wholeIndex(key)
    if (index === undefined) return fail(`unsupported index type '${runtimeTypeName(key)}' in list`)
    return index >= 0 && index < value.size ? value.at(index) : fail(outOfBounds + showKey(key))
  }
  if (!hasTag(value, 'optional')) return fail(noKey + showKey(key))
  return value.value === undefined ? value : asOptional(memberOf(value.value, key))
}

function wholeIndex(key: Value): number | undefined {
  if (typeof key === 'bigint') return Number(key)
  if (hasTag(key, 'uint')) return Number(key.value)
  return typeof key === 'number' && Number.isInteger(key) ? key : undefined
}

const showKey = (key: Value): string => (hasTag(key, 'uint') ? String(key.value) : String(key))

function compileList({ items, optionals }: ListLiteral, scope: Scope): Evaluate {
  const parts = items.map(item => compile(item, scope))
  if (optionals.size === 0 && items.every(item => item.kind === 'literal')) {
    const constant = listValue(items.map(item => (item.kind === 'literal' ? item.value : null)))
    return () => constant
  }
  return frame => {
    const values: Value[] = []
    for (const [index, part] of parts.entries()) {
      const value = part(frame)
      if (isFailure(value)) return value
      if (!optionals.has(index)) values.push(value)
      else if (!hasTag(value, 'optional')) return fail(`cannot initialize optional list element ${notOptional}`)
      else if (value.value !== undefined) values.push(value.value)
    }
    charge(frame.meter, 10)
    return listValue(values)
  }
}

const notOptional = 'from non-optional value'

function compileMap({ entries, optionals }: MapLiteral, scope: Scope): Evaluate {
  const parts = entries.map(([key, value]) => [compile(key, scope), compile(value, scope)] as const)
  return frame => {
    const found = new Map<string, readonly [Value, Value]>()
    for (const [index, [keyPart, valuePart]] of parts.entries()) {
      const key = keyPart(frame)
      if (isFailure(key)) return key
      const value = valuePart(frame)
      if (isFailure(value)) return value
      if (!optionals.has(index)) found.set(keyText(key), [key, value])
      else if (!hasTag(value, 'optional')) return fail(`cannot initialize optional entry ${notOptional}`)
      else if (value.value !== undefined) found.set(keyText(key), [key, value.value])
    }
    charge(frame.meter, 30)
    return mapValue(found)
  }
}

function compileCall(call: Call, scope: Scope): Evaluate {
  const name = scope.checked.functionAt(call)
  const parts = call.args.map(arg => compile(arg, scope))
  if (name === call.name && call.receiver !== undefined) parts.unshift(compile(call.receiver, scope))
  const [first, second, third] = parts
  if (first !== undefined && second !== undefined) {
    if (name === '_&&_') return logical(first, second, false)
    if (name === '_||_') return logical(first, second, true)
    if (name === '_[_]' || name === '_[?_]') return indexed(first, second, name === '_[?_]')
    if (name === '_?_:_' && third !== undefined) return conditional(first, second, third)
  }
  return compileFunction(call, { name, parts }, scope)
}

/** `&&` and `||`: the deciding value wins over failures on either side. */
function logical(left: Evaluate, right: Evaluate, deciding: boolean): Evaluate {
  return frame => {
    const a = left(frame)
    if (a === deciding) return deciding
    const b = right(frame)
    if (b === deciding) return deciding
    if (typeof a === 'boolean' && typeof b === 'boolean') return !deciding
    if (isFailure(a)) return a
    return isFailure(b) ? b : noSuchOverload
  }
}

function conditional(condition: Evaluate, whenTrue: Evaluate, whenFalse: Evaluate): Evaluate {
  return frame => {
    const value = condition(frame)
    if (value === true) return whenTrue(frame)
    if (value === false) return whenFalse(frame)
    return isFailure(value) ? value : noSuchOverload
  }
}

function indexed(operand: Evaluate, key: Evaluate, isOptional: boolean): Evaluate {
  return frame => {
    const value = operand(frame)
    const index = key(frame)
    charge(frame.meter, 1)
    if (isFailure(value)) return value
    if (isFailure(index)) return index
    const found = memberOf(value, index)
    return isOptional && !hasTag(value, 'optional') ? asOptional(found) : found
  }
}

function compileFunction(
  call: Call,
  { name, parts }: { name: string; parts: readonly Evaluate[] },
  scope: Scope,
): Evaluate {
  const overloads = scope.checked.overloadsAt(call)
  const [only] = overloads
  const args = call.receiver !== undefined && name === call.name ? [call.receiver, ...call.args] : call.args
  const isBare = !/^[a-z]/.test(name) || bareNames.includes(name)
  // Types that are known now need no look at the values.
  const isCertain = overloads.length === 1 && args.every(arg => isStatic(scope.checked.typeAt(arg)))
  return frame => {
    const values: Value[] = []
    for (const part of parts) {
      const value = part(frame)
      if (isFailure(value)) return value
      values.push(value)
    }
    const overload = isCertain ? only : overloads.find(each => fits(each, values))
    if (overload === undefined) {
      charge(frame.meter, 1)
      return isBare ? noSuchOverload : fail(`no such overload: ${signature(name, values)}`)
    }
    // What a call will cost is known before it but for its result.
    const result = overload.call(values, frame.meter)
    charge(frame.meter, overload.cost?.(values, result) ?? 1)
    return result
  }
}

/** These say no more than "no such overload", as operators do. */
const bareNames = ['matches', 'startsWith', 'endsWith', 'contains']

function signature(name: string, values: readonly Value[]): string {
  return name === 'size' ? name : `${name}(${values.map(runtimeTypeName).join(', ')})`
}

function isStatic(type: Type): boolean {
  return type.kind !== 'dyn' && type.kind !== 'param'
}

function fits({ params }: Overload, values: readonly Value[]): boolean {
  return params.every((param, i) => {
    const value = values[i]
    return value !== undefined && fitsType(param, value)
  })
}

function fitsType(param: Type, value: Value): boolean {
  if (param.kind === 'param' || param.kind === 'dyn') return true
  const kind = kindOf(value)
  return param.kind === 'object' ? kind === param.name || kind === 'map' : kind === param.kind
}
