// Tells a sink of every request and its outcome; never of bodies or credentials.
import type { Clock } from '../clock.ts'
import type { Transport } from './transport.ts'

export interface RequestTrace {
  readonly method: string
  readonly path: string
  readonly status?: number
  readonly error?: string
  readonly durationMs: number
}

export function withDebug(next: Transport, clock: Pick<Clock, 'now'>, trace: (entry: RequestTrace) => void): Transport {
  return async request => {
    const { method, path } = request
    const startedAtMs = clock.now()
    try {
      const response = await next(request)
      trace({ method, path, status: response.status, durationMs: clock.now() - startedAtMs })
      return response
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      trace({ method, path, error: text, durationMs: clock.now() - startedAtMs })
      throw error
    }
  }
}
