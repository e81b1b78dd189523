// A request that is no watch, log or tunnel is answered within a minute, or within `?timeout=` if that is less.
import { failure } from '../../../api/status-error.ts'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'
import { timeoutMsOfText } from '../go-duration.ts'
import { isTrue } from '../request-info.ts'

const timeoutMsMax = 60_000
const longRunningPath = /\/(?:log|exec|attach|portforward|proxy)(?:\/|$)|\/watch\//

export function withTimeout(): Filter {
  return next => async request => {
    if (isLongRunning(request)) return next(request)
    const timeoutMs = timeoutMsOf(request)
    return answeredInTime(next(request), timeoutMs)
  }
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

function timeoutMsOf({ query }: ApiRequest): number {
  const text = query.get('timeout')
  if (!text) return timeoutMsMax
  const wantedMs = timeoutMsOfText(text)
  return wantedMs > 0 ? Math.min(wantedMs, timeoutMsMax) : timeoutMsMax
}
