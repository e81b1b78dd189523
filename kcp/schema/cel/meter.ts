// What an evaluation has spent. Cost is Kubernetes' measure; work counts what Kubernetes' measure gives away for nothing
// (comparing what is deep, copying lists, slow patterns), so that neither can hold the event loop.

export interface Meter {
  cost: number
  work: number
  readonly max: number
}

/** Of one rule or message expression. */
export const callCostMax = 1_000_000

export function createMeter(max: number = callCostMax): Meter {
  return { cost: 0, work: 0, max }
}

/** Ends an evaluation wherever it is; no operator may outvote it. */
export class CostExceeded extends Error {
  override readonly name = 'CostExceeded'
}

const exceeded = 'operation cancelled: actual cost limit exceeded'

export function charge(meter: Meter, cost: number): void {
  meter.cost += cost
  if (meter.cost > meter.max) throw new CostExceeded(exceeded)
}

export function spendWork(meter: Meter, units: number): void {
  meter.work += units
  if (meter.work > meter.max) throw new CostExceeded(exceeded)
}
