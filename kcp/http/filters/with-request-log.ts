// Says of every request how it ended, for those who debug. Never bodies, queries or credentials.
import type { Filter } from '../exchange.ts'
import type { HttpLog } from '../log.ts'

export function withRequestLog(log: HttpLog, now: () => Date): Filter {
  return next => async request => {
    const startedAtMs = now().getTime()
    const response = await next(request)
    const { method, path } = request
    log.debug({ method, path, status: response.status, durationMs: now().getTime() - startedAtMs }, 'request')
    return response
  }
}
