// Repeats a request which the server turned away before doing anything: 429 or 503 that names a time to come back.
// Never repeats anything else, since it may have been carried out.
import { type Clock, pause } from '../clock.ts'
import type { Transport, TransportResponse } from './transport.ts'

const attemptsLimit = 10
const retryAfterSecondsMax = 60

export function withRetry(next: Transport, clock: Clock): Transport {
  return async request => {
    for (let attempt = 1; ; attempt++) {
      const response = await next(request)
      const seconds = retryAfterSeconds(response)
      if (seconds === undefined || attempt > attemptsLimit) return response
      await drain(response)
      await pause(clock, seconds * 1000, request.signal)
      request.signal?.throwIfAborted()
    }
  }
}

function retryAfterSeconds(response: TransportResponse): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined
  const seconds = Number.parseInt(response.headers['retry-after'] ?? '', 10)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), retryAfterSecondsMax)
}

async function drain(response: TransportResponse): Promise<void> {
  for await (const _ of response.body);
}
