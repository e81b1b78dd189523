// Headers of every answer: Audit-Id, Cache-Control, and the warnings collected while the request was handled.
import { Buffer } from 'node:buffer'
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

/** As kube-apiserver: above this all warnings together are cut. */
const warningsCharsMax = 4 * 1024
const cutWarningChars = 256

/** RFC 7234 quoted texts behind code 299, each once. The bytes of a header are those of UTF-8. */
function warningHeader(warnings: readonly string[]): string {
  const texts = [...new Set(warnings.map(text => text.replace(/\p{Cc}/gu, '')))]
  const charsMax = texts.join('').length > warningsCharsMax ? cutWarningChars : warningsCharsMax
  const entries: string[] = []
  let chars = 0
  for (const text of texts) {
    chars += Math.min(text.length, charsMax)
    if (chars > warningsCharsMax) break
    entries.push(`299 - "${text.slice(0, charsMax).replace(/[\\"]/g, '\\$&')}"`)
  }
  return Buffer.from(entries.join(', ')).toString('latin1')
}
