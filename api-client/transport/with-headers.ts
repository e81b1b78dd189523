// Adds headers that every request of a client carries.
import type { Transport } from './transport.ts'

export function withHeaders(next: Transport, headers: Readonly<Record<string, string>>): Transport {
  return request => next({ ...request, headers: { ...headers, ...request.headers } })
}
