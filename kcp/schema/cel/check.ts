// The type checker: what type each part of an expression has and which overloads a call may mean. Texts are cel-go's.
import type { Call, Expression, Loop, MapLiteral, Problem, Select } from './expression.ts'
import type { Overload } from './functions.ts'
import { library } from './library.ts'
import { typeNames } from './library-conversions.ts'
import { specialOperators } from './special-operators.ts'
import {
  assign,
  type Bindings,
  boolType,
  bytesType,
  doubleType,
  dynType,
  errorType,
  formatArguments,
  formatType,
  intType,
  isDynamic,
  isSame,
  listOf,
  mapOf,
  mostGeneral,
  nullType,
  optionalOf,
  stringType,
  substitute,
  type Type,
  typeParam,
  uintType,
} from './types.ts'
import { kindOf } from './values.ts'

export interface Checked {
  readonly expression: Expression
  readonly type: Type
  /** Types after all parameters were bound; dyn where nothing bound them. */
  typeAt(expression: Expression): Type
  /** What a call may mean: more than one when types are known at run time only. */
  overloadsAt(call: Call): readonly Overload[]
  /** Of calls like `optional.of(x)`: the whole name; the receiver is no value then. */
  functionAt(call: Call): string
  /** The whole name of a type: `google.protobuf.Duration`. */
  typeNameAt(expression: Expression): string | undefined
  readonly usesVariables: ReadonlySet<string>
}

export type Variables = ReadonlyMap<string, Type>

interface Checking {
  readonly bindings: Map<string, Type>
  freeTypes: number
  /** Inside the arguments of format: elements of literals may be of any type. */
  isMixed: boolean
  variables: Variables
  readonly used: Set<string>
  readonly types: Map<Expression, Type>
  readonly overloads: Map<Expression, readonly Overload[]>
  readonly functions: Map<Expression, string>
  readonly typeNames: Map<Expression, string>
  readonly problems: Problem[]
}

export function checkExpression(
  expression: Expression,
  variables: Variables,
): { checked: Checked } | { problems: readonly Problem[] } {
  const state: Checking = {
    bindings: new Map(),
    freeTypes: 0,
    isMixed: false,
    variables,
    used: new Set(),
    types: new Map(),
    overloads: new Map(),
    functions: new Map(),
    typeNames: new Map(),
    problems: [],
  }
  check(expression, state)
  if (state.problems.length > 0) return { problems: state.problems }
  const typeAt = (part: Expression) => substitute(state.bindings, state.types.get(part) ?? dynType, true)
  const checked: Checked = {
    expression,
    type: typeAt(expression),
    typeAt,
    overloadsAt: call => state.overloads.get(call) ?? [],
    functionAt: call => state.functions.get(call) ?? call.name,
    typeNameAt: part => state.typeNames.get(part),
    usesVariables: state.used,
  }
  return { checked }
}

function check(expression: Expression, state: Checking): Type {
  const type = typeOfExpression(expression, state)
  state.types.set(expression, type)
  return type
}

function typeOfExpression(expression: Expression, state: Checking): Type {
  switch (expression.kind) {
    case 'literal':
      return literalTypes[kindOf(expression.value)] ?? dynType
    case 'identifier':
      return typeOfName(expression.name, expression, state) ?? undeclared(expression.at, expression.name, state)
    case 'select':
      return checkSelect(expression, state)
    case 'call':
      return checkCall(expression, state)
    case 'list':
      return listOf(join(expression.items, state, expression.optionals) ?? freeType(state))
    case 'map':
      return checkMap(expression, state)
    case 'loop':
      return checkLoop(expression, state)
    case 'optional-map': {
      const operand = check(expression.operand, state)
      const value = operand.kind === 'optional' ? (operand.params[0] ?? dynType) : dynType
      if (operand.kind !== 'optional' && !isDynamic(operand)) {
        report(state, expression.at, `found no matching overload for 'hasValue' applied to '${formatType(operand)}.()'`)
      }
      const body = checkWith(state, { name: expression.variable, type: value }, expression.body)
      return expression.isFlat ? body : optionalOf(body)
    }
  }
}

const literalTypes: Readonly<Record<string, Type>> = {
  null: nullType,
  bool: boolType,
  int: intType,
  uint: uintType,
  double: doubleType,
  string: stringType,
  bytes: bytesType,
} satisfies Partial<Record<ReturnType<typeof kindOf>, Type>> & Record<string, Type>

function report(state: Checking, at: number, text: string): Type {
  state.problems.push({ at, text })
  return errorType
}

function undeclared(at: number, name: string, state: Checking): Type {
  return report(state, at, `undeclared reference to '${name}' (in container '')`)
}

function freeType(state: Checking): Type {
  return typeParam(`_var${state.freeTypes++}`)
}

function checkWith(state: Checking, variable: { name: string; type: Type }, expression: Expression): Type {
  const outer = state.variables
  state.variables = new Map(outer).set(variable.name, variable.type)
  const type = check(expression, state)
  state.variables = outer
  return type
}

function typeOfName(name: string, expression: Expression, state: Checking): Type | undefined {
  const variable = state.variables.get(name)
  if (variable !== undefined) {
    state.used.add(name)
    return variable
  }
  const type = typeNames.get(name)
  if (type !== undefined) state.typeNames.set(expression, name)
  return type
}

/** `a.b.c` for a chain of plain selections. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name
  if (expression.kind !== 'select' || expression.mode !== 'value') return undefined
  const prefix = qualifiedName(expression.operand)
  return prefix === undefined ? undefined : `${prefix}.${expression.field}`
}

function checkSelect(expression: Select, state: Checking): Type {
  const name = qualifiedName(expression)
  if (name !== undefined && typeNames.has(name)) return typeOfName(name, expression, state) ?? dynType
  const operand = substitute(state.bindings, check(expression.operand, state))
  const isOptional = operand.kind === 'optional'
  const target = isOptional ? (operand.params[0] ?? dynType) : operand
  const field = fieldType(target, expression, state)
  if (expression.mode === 'test') return boolType
  return isOptional || expression.mode === 'optional' ? optionalOf(field) : field
}

function fieldType(target: Type, { at, field }: Select, state: Checking): Type {
  switch (target.kind) {
    case 'map':
      return target.params[1] ?? dynType
    case 'object':
      if (target.fields === undefined) return report(state, at, `unexpected failed resolution of '${target.name}'`)
      return target.fields.get(field) ?? report(state, at, `undefined field '${field}'`)
    case 'param':
      assign(state.bindings, [dynType], [target])
      return dynType
  }
  if (!isDynamic(target)) report(state, at, `type '${formatType(target)}' does not support field selection`)
  return dynType
}

function checkCall(call: Call, state: Checking): Type {
  const prefix = call.receiver && qualifiedName(call.receiver)
  const qualified = prefix === undefined ? undefined : `${prefix}.${call.name}`
  const isNamespaced = qualified !== undefined && library.has(qualified)
  const outer = state.isMixed
  state.isMixed ||= call.name === 'format' && call.receiver !== undefined
  const args = call.args.map(arg => check(arg, state))
  state.isMixed = outer
  if (isNamespaced) state.functions.set(call, qualified)
  const name = isNamespaced ? qualified : call.name
  const receiver = isNamespaced || call.receiver === undefined ? [] : [check(call.receiver, state)]
  const overloads = specialOperators.get(name) ?? library.get(name)
  if (overloads === undefined) return undeclared(call.at, name, state)
  if (name === '_&&_' || name === '_||_') return checkLogical(call, args, state)
  return resolve(call, { name, overloads, args: [...receiver, ...args], isMember: receiver.length > 0 }, state)
}

function checkLogical(call: Call, args: readonly Type[], state: Checking): Type {
  call.args.forEach((arg, i) => {
    const type = args[i] ?? dynType
    if (assign(state.bindings, [type], [boolType])) return
    report(state, arg.at, `expected type 'bool' but found '${formatType(type)}'`)
  })
  return boolType
}

interface Resolution {
  readonly name: string
  readonly overloads: readonly Overload[]
  readonly args: readonly Type[]
  readonly isMember: boolean
}

function resolve(call: Call, { name, overloads, args, isMember }: Resolution, state: Checking): Type {
  const fitting: Overload[] = []
  let result: Type | undefined
  for (const overload of overloads) {
    if (overload.isMember !== isMember || overload.params.length !== args.length) continue
    const fresh = freshParams(overload, state)
    const params = overload.params.map(param => substitute(fresh, param))
    if (!assign(state.bindings, args, params)) continue
    fitting.push(overload)
    const found = substitute(state.bindings, substitute(fresh, overload.result))
    if (result === undefined) result = found
    else if (result.kind !== 'dyn' && !isSame(result, found)) result = dynType
  }
  if (result === undefined) {
    const shown = args.map(arg => substitute(state.bindings, arg, true))
    return report(
      state,
      call.at,
      `found no matching overload for '${name}' applied to '${formatArguments(shown, isMember)}'`,
    )
  }
  state.overloads.set(call, fitting)
  return result
}

function freshParams(overload: Overload, state: Checking): Bindings {
  const names = new Set<string>()
  const collect = (type: Type): void => {
    if (type.kind === 'param') names.add(type.name)
    type.params.forEach(collect)
  }
  overload.params.forEach(collect)
  collect(overload.result)
  return names.size === 0 ? new Map() : new Map([...names].map(name => [name, freeType(state)]))
}

const noIndexes: ReadonlySet<number> = new Set()

/** What an optional element is when it is there. */
function optionalValue(type: Type, { at }: Expression, state: Checking): Type {
  if (type.kind === 'optional') return type.params[0] ?? dynType
  if (isDynamic(type)) return type
  const name = formatType(type)
  return report(state, at, `expected type 'optional_type(${name})' but found '${name}'`)
}

/** The type all parts agree on; undefined when there are none. */
function join(
  parts: readonly Expression[],
  state: Checking,
  optionals: ReadonlySet<number> = noIndexes,
): Type | undefined {
  let joined: Type | undefined
  for (const [index, part] of parts.entries()) {
    const given = check(part, state)
    const type = optionals.has(index) ? optionalValue(given, part, state) : given
    if (joined === undefined) joined = type
    else {
      if (assign(state.bindings, [joined], [type])) joined = mostGeneral(joined, type)
      else if (state.isMixed) joined = dynType
      else {
        const names = [joined, type].map(each => formatType(substitute(state.bindings, each, true)))
        joined = report(state, part.at, `expected type '${names[0]}' but found '${names[1]}'`)
      }
    }
  }
  return joined
}

function checkMap({ entries, optionals }: MapLiteral, state: Checking): Type {
  const keys = join(
    entries.map(([key]) => key),
    state,
  )
  const values = join(
    entries.map(([, value]) => value),
    state,
    optionals,
  )
  return mapOf(keys ?? freeType(state), values ?? freeType(state))
}

function checkLoop(loop: Loop, state: Checking): Type {
  const range = substitute(state.bindings, check(loop.range, state))
  const variable = { name: loop.variable, type: rangeItem(loop, range, state) }
  const predicate = loop.predicate && checkWith(state, variable, loop.predicate)
  if (loop.predicate !== undefined && predicate !== undefined)
    checkPredicate(loop, loop.predicate, { predicate, range, state })
  if (loop.transform !== undefined)
    return listOf(substitute(state.bindings, checkWith(state, variable, loop.transform)))
  if (loop.name !== 'filter') return boolType
  return range.kind === 'list' ? range : listOf(range.kind === 'map' ? (range.params[0] ?? dynType) : dynType)
}

function rangeItem(loop: Loop, range: Type, state: Checking): Type {
  if (range.kind === 'list' || range.kind === 'map') return range.params[0] ?? dynType
  if (range.kind === 'dyn' || range.kind === 'error') return dynType
  if (range.kind === 'param') {
    assign(state.bindings, [dynType], [range])
    return dynType
  }
  const name = formatType(range)
  const text = `expression of type '${name}' cannot be range of a comprehension (must be list, map, or dynamic)`
  return report(state, loop.range.at, text)
}

/** all and exists join predicates by && and ||, the others choose by them: messages show which. */
function checkPredicate(
  loop: Loop,
  expression: Expression,
  { predicate, range, state }: { predicate: Type; range: Type; state: Checking },
): void {
  if (assign(state.bindings, [predicate], [boolType])) return
  if (loop.name === 'all' || loop.name === 'exists') {
    report(state, expression.at, `expected type 'bool' but found '${formatType(predicate)}'`)
    return
  }
  const accumulated = loop.name === 'exists_one' ? intType : listOf(range.params[0] ?? dynType)
  const types = formatArguments([predicate, accumulated, accumulated], false)
  report(state, loop.at, `found no matching overload for '_?_:_' applied to '${types}'`)
}
