// A request that is no watch, log or tunnel is answered within a minute, or within `?timeout=` if that is less.
import { failure } from '../../../api/status-error.ts'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'
import { isTrue } from '../request-info.ts'

const timeoutMsMax = 60_000
const longRunningPath = /\/(?:log|exec|attach|portforward|proxy)(?:\/|$)|\/watch\//

export function withTimeout(): Filter {
  return next => request =>
    isLongRunning(request) ? next(request) : answeredInTime(next(request), timeoutMsOf(request))
}

function answeredInTime(answer: Promise<ApiResponse>, timeoutMs: number): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {}))
    }, timeoutMs)
    const settle =
      <T>(end: (value: T) => void) =>
      (value: T) => {
        clearTimeout(timer)
        end(value)
      }
    answer.then(settle(resolve), settle(reject))
  })
}

function isLongRunning({ query, path }: ApiRequest): boolean {
  return isTrue(query.get('watch')) || longRunningPath.test(path) || path.startsWith('/services/')
}

const seconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

function timeoutMsOf({ query }: ApiRequest): number {
  const text = query.get('timeout')
  if (text === null) return timeoutMsMax
  const [, amount = '', unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? []
  const wantedMs = Number(amount) * (seconds[unit] ?? 0) * 1000
  return wantedMs > 0 ? Math.min(wantedMs, timeoutMsMax) : timeoutMsMax
}
