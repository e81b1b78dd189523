// URLs as Go's net/url reads request URIs: an absolute URI, an opaque one too, or an absolute path. User information is left out.

export interface GoUrl {
  readonly scheme: string
  /** With the port. */
  readonly host: string
  readonly hostname: string
  readonly port: string
  readonly escapedPath: string
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly text: string
}

/** The URL, or Go's words on why it is none. */
export function parseGoUrl(text: string): GoUrl | string {
  const refuse = (problem: string) => `parse ${JSON.stringify(text)}: ${problem}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what Go refuses
  if (/[\x00-\x1f\x7f]/.test(text)) return refuse('net/url: invalid control character in URL')
  if (text === '') return refuse('empty url')
  const [scheme, afterScheme] = splitScheme(text)
  if (scheme === undefined) return refuse(afterScheme)
  const [address] = splitOnce(afterScheme, '#')
  const [rest, query = ''] = splitOnce(address, '?')
  if (!rest.startsWith('/')) {
    if (scheme === '') return refuse('invalid URI for request')
    return { scheme, host: '', hostname: '', port: '', escapedPath: '', query: parseQuery(query), text }
  }
  const hasHost = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  const slash = hasHost ? rest.indexOf('/', 2) : 0
  const authority = hasHost ? rest.slice(2, slash < 0 ? undefined : slash) : ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const path = hasHost ? (slash < 0 ? '' : rest.slice(slash)) : rest
  const problem = hostProblem(host) ?? escapeProblem(path)
  if (problem !== undefined) return refuse(problem)
  const { hostname, port } = splitHost(host)
  return { scheme, host, hostname, port, escapedPath: escapePath(path), query: parseQuery(query), text }
}

function splitOnce(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function splitScheme(text: string): [scheme: string, rest: string] | [undefined, problem: string] {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)
  if (match?.[1] !== undefined) return [match[1].toLowerCase(), text.slice(match[0].length)]
  if (text.startsWith(':')) return [undefined, 'missing protocol scheme']
  return ['', text]
}

function splitHost(host: string): { hostname: string; port: string } {
  const match = /^(.*?)(?::(\d*))?$/s.exec(host)
  const name = match?.[1] ?? host
  return { hostname: name.startsWith('[') ? name.slice(1, -1) : name, port: match?.[2] ?? '' }
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith('[')) {
    const close = host.lastIndexOf(']')
    if (close < 0) return "missing ']' in host"
    const port = host.slice(close + 1)
    return /^(:\d*)?$/.test(port) ? undefined : `invalid port ${JSON.stringify(port)} after host`
  }
  const colon = host.lastIndexOf(':')
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) {
    return `invalid port ${JSON.stringify(host.slice(colon))} after host`
  }
  const bad = /[ "<>\\^`{|}]/.exec(host)
  return bad ? `invalid character ${JSON.stringify(bad[0])} in host name` : escapeProblem(host)
}

function escapeProblem(text: string): string | undefined {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)
  return bad ? `invalid URL escape ${JSON.stringify(bad[0])}` : undefined
}

/** What is escaped already stays as it is. */
function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@!'()*%[\]]/gu, char => encodeURIComponent(char))
}

function parseQuery(query: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const part of query.split('&')) {
    if (part === '' || part.includes(';')) continue
    const [name, value = ''] = splitOnce(part, '=')
    const [key, text] = [unescapeQuery(name), unescapeQuery(value)]
    if (key === undefined || text === undefined) continue
    found.set(key, [...(found.get(key) ?? []), text])
  }
  return found
}

function unescapeQuery(text: string): string | undefined {
  if (escapeProblem(text) !== undefined) return undefined
  const bytes = Buffer.from(text.replaceAll('+', ' '))
  const parts: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const isEscape = bytes[i] === 0x25
    parts.push(isEscape ? Number.parseInt(bytes.toString('latin1', i + 1, i + 3), 16) : (bytes[i] ?? 0))
    if (isEscape) i += 2
  }
  return Buffer.from(parts).toString()
}
