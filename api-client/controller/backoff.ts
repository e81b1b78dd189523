// How long to wait after the n-th failure in a row: doubling, capped, and spread so that many do not return together.

export interface BackoffLimits {
  readonly firstMs: number
  readonly maxMs: number
  /** Part of the delay that is random, 0 to 1. */
  readonly jitter: number
}

export const itemBackoff: BackoffLimits = { firstMs: 5, maxMs: 30_000, jitter: 0.1 }
export const watchBackoff: BackoffLimits = { firstMs: 800, maxMs: 30_000, jitter: 0.5 }

/** @param failures how many failures there have been, at least 1. @param random in [0, 1). */
export function backoffMs(failures: number, limits: BackoffLimits, random: number): number {
  const delayMs = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(failures - 1, 40))
  return delayMs * (1 - limits.jitter) + delayMs * limits.jitter * random
}
