// Reads path and query once into a RequestInfo.
import type { Filter } from '../exchange.ts'
import { parseRequestInfo } from '../request-info.ts'

export function withRequestInfo(): Filter {
  return next => request => next({ ...request, info: parseRequestInfo(request) })
}
