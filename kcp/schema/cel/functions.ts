// How functions of the rule language are declared: overloads with types, what they do and what they cost.
// Costs are Kubernetes' and cel-go's. Leaves out: the functions themselves (library-*.ts).
import { type Estimate, type Range, type SizedNode, scaleRange } from './estimate-values.ts'
import type { Meter } from './meter.ts'
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  optionalOf,
  stringType,
  type Type,
  timestampType,
  typeParam,
  uintType,
} from './types.ts'
import {
  charsLength,
  type Duration,
  type ListValue,
  type MapValue,
  type OpaqueValue,
  type OptionalValue,
  type Result,
  sizeOf,
  type Timestamp,
  type Uint,
  type Value,
} from './values.ts'

export interface Overload {
  readonly isMember: boolean
  readonly params: readonly Type[]
  readonly result: Type
  readonly call: (args: readonly Value[], meter: Meter) => Result
  /** Of one call; 1 when absent. */
  readonly cost?: (args: readonly Value[], result: Result) => number
  readonly estimate?: (args: readonly SizedNode[]) => Estimate
  /** Of indexes: what to append to the path under which the schema knows sizes. */
  readonly pathStep?: '@items' | '@values'
}

export interface FunctionDeclaration {
  readonly name: string
  readonly overloads: readonly Overload[]
}

/** A type together with what its values are here. */
export interface Typed<V extends Value> extends Type {
  readonly valueOfType?: V
}

export const bool: Typed<boolean> = boolType
export const int: Typed<bigint> = intType
export const uint: Typed<Uint> = uintType
export const double: Typed<number> = doubleType
export const string: Typed<string> = stringType
export const bytes: Typed<Uint8Array> = bytesType
export const timestamp: Typed<Timestamp> = timestampType
export const duration: Typed<Duration> = durationType
export const anything: Typed<Value> = dynType
export const paramA: Typed<Value> = typeParam('A')
export const paramB: Typed<Value> = typeParam('B')
export const list = (item: Type): Typed<ListValue> => listOf(item)
export const map = (key: Type, value: Type): Typed<MapValue> => mapOf(key, value)
export const optional = (value: Type): Typed<OptionalValue> => optionalOf(value)
export const opaque = (name: string): Typed<OpaqueValue> => objectType(name)

type ValuesOf<Params extends readonly Typed<Value>[]> = {
  [I in keyof Params]: Params[I] extends Typed<infer V> ? V : never
}
type Extras = Partial<Pick<Overload, 'cost' | 'estimate' | 'pathStep'>>

function declare<const Params extends readonly Typed<Value>[]>(
  isMember: boolean,
  params: Params,
  result: Type,
  implementation: (...args: [...ValuesOf<Params>, meter: Meter]) => Result,
): Overload {
  // Arguments have the declared types: the checker and the dispatch at run time see to that.
  const call = implementation as unknown as (...args: (Value | Meter)[]) => Result
  return { isMember, params, result, call: (args, meter) => call(...args, meter) }
}

export function overload<const Params extends readonly Typed<Value>[]>(
  params: Params,
  result: Type,
  implementation: (...args: [...ValuesOf<Params>, meter: Meter]) => Result,
  extras: Extras = {},
): Overload {
  return { ...declare(false, params, result, implementation), ...extras }
}

/** The first parameter is the receiver. */
export function member<const Params extends readonly Typed<Value>[]>(
  params: Params,
  result: Type,
  implementation: (...args: [...ValuesOf<Params>, meter: Meter]) => Result,
  extras: Extras = {},
): Overload {
  return { ...declare(true, params, result, implementation), ...extras }
}

const stringFactor = 0.1
const regexFactor = 0.25

/** Of walking over a text `times` times. */
export const textCost = (value: Value | undefined, times = 1): number =>
  Math.ceil((value === undefined ? 0 : sizeOf(value)) * times * stringFactor)

export const textEstimate = (size: Range, times = 1): Range => scaleRange(size, times * stringFactor)

/** Text walked over, times something else. */
export const scaledText = (size: Range, factor: number): Range => scaleRange(textEstimate(size), factor)

export const regexEstimate = (size: Range): Range => scaleRange(size, regexFactor)

/** One is added so that a costly pattern on an empty text is not free. */
export const regexCost = (text: Value | undefined, patternLength: number): number =>
  Math.ceil((1 + (typeof text === 'string' ? charsLength(text) : 0)) * stringFactor) *
  Math.ceil(patternLength * regexFactor)

/** Every call walks over its receiver or only argument `times` times. */
export const walksOver = (times = 1): Extras => ({
  cost: ([first]) => textCost(first, times),
  estimate: ([first]) => ({ cost: textEstimate(first?.librarySize ?? { min: 0, max: 0 }, times) }),
})
