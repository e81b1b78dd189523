// A request that is no watch, log or tunnel is answered within a minute, or within `?timeout=` if that is less.
import { setTimeout as delay } from 'node:timers/promises'
import { failure } from '../../../api/status-error.ts'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'
import { isTrue } from '../request-info.ts'

const timeoutMsMax = 60_000
const longRunningPath = /\/(?:log|exec|attach|portforward|proxy)(?:\/|$)|\/watch\//

export function withTimeout(): Filter {
  return next => async request => {
    if (isLongRunning(request)) return next(request)
    const finished = new AbortController()
    const tooLate = delay(timeoutMsOf(request), undefined, { signal: finished.signal, ref: false }).then(refuse, wait)
    try {
      return await Promise.race([next(request), tooLate])
    } finally {
      finished.abort()
    }
  }
}

function refuse(): never {
  throw failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {})
}

/** The request was faster: nobody reads this promise any more. */
function wait(): Promise<ApiResponse> {
  return new Promise(() => {})
}

function isLongRunning({ query, path }: ApiRequest): boolean {
  return isTrue(query.get('watch')) || longRunningPath.test(path) || path.startsWith('/services/')
}

const seconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

function timeoutMsOf({ query }: ApiRequest): number {
  const [, amount = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(query.get('timeout') ?? '') ?? []
  const wantedMs = Number(amount) * (seconds[unit] ?? 0) * 1000
  return wantedMs > 0 ? Math.min(wantedMs, timeoutMsMax) : timeoutMsMax
}
