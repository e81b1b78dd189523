// The types of the rule language and how they unify. Leaves out: functions (functions.ts) and where types come from
// (shape.ts for schemas, check.ts for expressions).

export type TypeKind =
  | 'dyn'
  | 'error'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'object'
  | 'optional'
  | 'type'
  | 'param'

export interface Type {
  readonly kind: TypeKind
  /** As messages print it; of objects and type parameters also their identity. */
  readonly name: string
  readonly params: readonly Type[]
  /** Of objects that a schema describes, by the escaped name. */
  readonly fields?: ReadonlyMap<string, Type>
}

const simple = (kind: TypeKind, name: string = kind): Type => ({ kind, name, params: [] })

export const dynType = simple('dyn')
export const errorType = simple('error', '!error!')
export const nullType = simple('null')
export const boolType = simple('bool')
export const intType = simple('int')
export const uintType = simple('uint')
export const doubleType = simple('double')
export const stringType = simple('string')
export const bytesType = simple('bytes')
export const timestampType = simple('timestamp')
export const durationType = simple('duration')

export const listOf = (item: Type): Type => ({ kind: 'list', name: 'list', params: [item] })
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', name: 'map', params: [key, value] })
export const optionalOf = (value: Type): Type => ({ kind: 'optional', name: 'optional_type', params: [value] })
export const typeOf = (type: Type): Type => ({ kind: 'type', name: 'type', params: [type] })
export const typeParam = (name: string): Type => ({ kind: 'param', name, params: [] })
export const objectType = (name: string, fields?: ReadonlyMap<string, Type>): Type => ({
  kind: 'object',
  name,
  params: [],
  ...(fields === undefined ? {} : { fields }),
})

export function formatType(type: Type): string {
  return type.params.length === 0 ? type.name : `${type.name}(${type.params.map(formatType).join(', ')})`
}

export function formatArguments(args: readonly Type[], isMember: boolean): string {
  const names = args.map(formatType)
  const receiver = isMember ? `${names.shift()}.` : ''
  return `${receiver}(${names.join(', ')})`
}

export const isDynamic = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error'

/** What type parameters stand for. */
export type Bindings = ReadonlyMap<string, Type>

/** Bindings that can go back to what they were before an attempt. */
interface Attempt {
  readonly bindings: Map<string, Type>
  readonly changed: (readonly [name: string, before: Type | undefined])[]
}

/** Whether `from` fits `to`; if so, `bindings` know what parameters stand for, if not they are as before. */
export function assign(bindings: Map<string, Type>, from: readonly Type[], to: readonly Type[]): boolean {
  const attempt: Attempt = { bindings, changed: [] }
  if (areAssignable(attempt, from, to)) return true
  for (const [name, before] of attempt.changed.reverse()) {
    if (before === undefined) bindings.delete(name)
    else bindings.set(name, before)
  }
  return false
}

function areAssignable(attempt: Attempt, from: readonly Type[], to: readonly Type[]): boolean {
  return (
    from.length === to.length &&
    from.every((type, i) => {
      const other = to[i]
      return other !== undefined && isAssignable(attempt, type, other)
    })
  )
}

function isAssignable(attempt: Attempt, from: Type, to: Type): boolean {
  if (to.kind === 'param') {
    const { isValid, isBound } = bind(attempt, from, to)
    if (isValid) return true
    if (isBound) return false
  }
  if (from.kind === 'param') return bind(attempt, to, from).isValid
  if (isDynamic(from) || isDynamic(to)) return true
  if (from.kind === 'null') return to.kind === 'null' || isNullable(to)
  if (to.kind === 'null') return isNullable(from)
  if (from.kind !== to.kind) return false
  if (from.kind === 'type') return true
  return from.name === to.name && areAssignable(attempt, from.params, to.params)
}

function isNullable({ kind }: Type): boolean {
  return kind === 'optional' || kind === 'object' || kind === 'duration' || kind === 'timestamp'
}

/** Makes `param` stand for `type`, or for the more general of it and what it stood for. */
function bind(attempt: Attempt, type: Type, param: Type): { isValid: boolean; isBound: boolean } {
  const { bindings, changed } = attempt
  if (type.kind === 'param' && type.name === param.name) return { isValid: true, isBound: true }
  const bound = bindings.get(param.name)
  const set = (to: Type) => {
    changed.push([param.name, bound])
    bindings.set(param.name, to)
  }
  if (bound === undefined) {
    if (isReferenced(bindings, param, type)) return { isValid: false, isBound: false }
    set(type)
    return { isValid: true, isBound: false }
  }
  if (isSame(type, bound)) return { isValid: true, isBound: true }
  if (!isAssignable(attempt, type, bound)) return { isValid: false, isBound: true }
  const general = mostGeneral(type, bound)
  if (!isReferenced(bindings, param, general)) set(general)
  return { isValid: true, isBound: true }
}

function isReferenced(bindings: Bindings, param: Type, within: Type): boolean {
  if (within.kind !== 'param') return within.params.some(inner => isReferenced(bindings, param, inner))
  if (within.name === param.name) return true
  const bound = bindings.get(within.name)
  return bound !== undefined && isReferenced(bindings, param, bound)
}

export function isSame(a: Type, b: Type): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((param, i) => {
      const other = b.params[i]
      return other !== undefined && isSame(param, other)
    })
  )
}

export function mostGeneral(a: Type, b: Type): Type {
  return isAsGeneral(a, b) ? a : b
}

function isAsGeneral(a: Type, b: Type): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true
  if (b.kind === 'dyn' || b.kind === 'param' || a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  return (
    a.name === b.name &&
    a.params.every((param, i) => {
      const other = b.params[i]
      return other !== undefined && isAsGeneral(param, other)
    })
  )
}

/** Replaces parameters by what they stand for; those that stand for nothing become dyn when asked. */
export function substitute(bindings: Bindings, type: Type, freeAsDyn = false): Type {
  if (type.kind === 'param') {
    const bound = bindings.get(type.name)
    if (bound !== undefined) return substitute(bindings, bound, freeAsDyn)
    return freeAsDyn ? dynType : type
  }
  if (type.params.length === 0) return type
  return { ...type, params: type.params.map(param => substitute(bindings, param, freeAsDyn)) }
}
