// A token bucket: `burst` requests at once, then `qps` a second, in the order they came. Negative qps: no limit.
import { type Clock, pause } from '../clock.ts'
import type { Transport } from './transport.ts'

export interface RateLimit {
  readonly qps: number
  readonly burst: number
}

export function withRateLimit(next: Transport, limit: RateLimit, clock: Clock): Transport {
  if (limit.qps <= 0) return next
  const take = tokenBucket(limit, () => clock.now())
  return async request => {
    const waitMs = take()
    if (waitMs > 0) {
      await pause(clock, waitMs, request.signal)
      request.signal?.throwIfAborted()
    }
    return next(request)
  }
}

/** Takes one token and says how long its taker must wait; tokens may be taken in advance. */
export function tokenBucket(limit: RateLimit, now: () => number): () => number {
  const tokensMax = Math.max(1, limit.burst)
  let tokens = tokensMax
  let filledAtMs = now()
  return () => {
    const nowMs = now()
    // A clock that was set back must not empty the bucket for as long as it went back.
    const passedMs = Math.max(0, nowMs - filledAtMs)
    tokens = Math.min(tokensMax, tokens + (passedMs * limit.qps) / 1000)
    filledAtMs = nowMs
    tokens -= 1
    return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / limit.qps)
  }
}
