// Headers of every answer: Audit-Id, Cache-Control, and the warnings collected while the request was handled.
import type { Filter } from '../exchange.ts'

export function withResponseHeaders(newId: () => string): Filter {
  return next => async request => {
    const response = await next(request)
    const headers: Record<string, string> = {
      'audit-id': request.headers['audit-id'] ?? newId(),
      'cache-control': 'no-cache, private',
      ...response.headers,
    }
    if (request.warnings.length > 0) headers.warning = warningHeader(request.warnings)
    return { ...response, headers }
  }
}

/** RFC 7234 quoted texts behind code 299, each once. */
function warningHeader(warnings: readonly string[]): string {
  return [...new Set(warnings)].map(text => `299 - ${JSON.stringify(text)}`).join(', ')
}
