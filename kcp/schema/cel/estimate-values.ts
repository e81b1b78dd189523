// Ranges of costs and sizes for the estimate at the creation of a CRD. Infinity stands for "no bound is known".
import type { Type } from './types.ts'

export interface Range {
  readonly min: number
  readonly max: number
}

export const exactly = (value: number): Range => ({ min: value, max: value })
export const noCost: Range = exactly(0)
export const oneUnit: Range = exactly(1)
export const unbounded: Range = { min: 0, max: Number.POSITIVE_INFINITY }

export const addRanges = (...ranges: readonly Range[]): Range => ({
  min: ranges.reduce((sum, range) => sum + range.min, 0),
  max: ranges.reduce((sum, range) => sum + range.max, 0),
})

/** Zero times infinity is zero: what cannot be there costs nothing. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

export const multiplyRanges = (a: Range, b: Range): Range => ({ min: times(a.min, b.min), max: times(a.max, b.max) })

export const scaleRange = (range: Range, factor: number): Range => ({
  min: Math.ceil(times(range.min, factor)),
  max: Math.ceil(times(range.max, factor)),
})

export const unionRange = (a: Range, b: Range): Range => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) })

export interface Estimate {
  readonly cost: Range
  /** Size of the result, when more is known than its type. */
  readonly size?: Range
}

/** A part of an expression as estimates of functions see it. */
export interface SizedNode {
  readonly type: Type
  /** Its size; scalars have size 1 here, but not for the functions of Kubernetes' libraries. */
  readonly size: Range
  readonly librarySize: Range
  /** Size of the elements of a list. */
  readonly itemSize: Range | undefined
  readonly literal?: unknown
}
