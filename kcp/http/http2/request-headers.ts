// What the headers of a request mean, and which are malformed (RFC 9113, 8.1 to 8.3).
import type { Header } from './header-table.ts'

export interface RequestHeaders {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Names in lower case, without those that begin with a colon. */
  readonly headers: Readonly<Record<string, string>>
  readonly contentLength?: number
}

const pseudoHeaders = new Set([':method', ':scheme', ':path', ':authority', ':protocol'])
const ofConnections = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])
/** The first one counts; others are joined. */
const singleHeaders = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'user-agent',
])
const namePattern = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const forbiddenInValues = /[\0\r\n]/

/** undefined: malformed. */
export function requestHeadersOf(list: readonly Header[]): RequestHeaders | undefined {
  const pseudo = new Map<string, string>()
  const headers: Record<string, string> = Object.create(null)
  let isPseudoOver = false
  for (const [name, value] of list) {
    if (name.startsWith(':')) {
      if (isPseudoOver || !pseudoHeaders.has(name) || pseudo.has(name)) return undefined
      pseudo.set(name, value)
    } else {
      isPseudoOver = true
      if (!isAllowed(name, value)) return undefined
      addHeader(headers, name, value)
    }
  }
  const [method, target] = [pseudo.get(':method'), pseudo.get(':path')]
  if (method === undefined || method === '' || !target || !pseudo.has(':scheme')) return undefined
  const contentLength = headers['content-length']
  if (contentLength === undefined) return { method, target, headers }
  if (!/^\d{1,15}$/.test(contentLength)) return undefined
  return { method, target, headers, contentLength: Number(contentLength) }
}

/** After a body: they are read for the table's sake. */
export function areTrailers(list: readonly Header[]): boolean {
  return list.every(([name, value]) => !name.startsWith(':') && isAllowed(name, value))
}

function isAllowed(name: string, value: string): boolean {
  if (!namePattern.test(name) || forbiddenInValues.test(value) || ofConnections.has(name)) return false
  return name !== 'te' || value === 'trailers'
}

function addHeader(headers: Record<string, string>, name: string, value: string): void {
  const before = headers[name]
  if (before === undefined) headers[name] = value
  else if (!singleHeaders.has(name)) headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`
}
