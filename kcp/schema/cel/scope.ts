// What a compiled expression runs in: values by slot, known when it is compiled, and the meter.
import type { Checked } from './check.ts'
import type { Meter } from './meter.ts'
import type { Result } from './values.ts'

export interface Frame {
  readonly meter: Meter
  /** self, oldSelf, then the variables of the loops around. */
  readonly slots: Result[]
}
export type Evaluate = (frame: Frame) => Result

/** Where the variables of an expression are kept. */
export interface Scope {
  readonly checked: Checked
  readonly slots: ReadonlyMap<string, number>
  readonly slotCount: number
}

/** The scope inside a loop. */
export function withSlot(scope: Scope, name: string): { inner: Scope; slot: number } {
  const slot = scope.slotCount
  return { slot, inner: { ...scope, slots: new Map(scope.slots).set(name, slot), slotCount: slot + 1 } }
}
