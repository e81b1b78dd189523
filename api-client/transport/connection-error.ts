// What a person needs to know when no answer came: which server, and why.

export class ConnectionError extends Error {
  /** The system's or TLS library's code, e.g. ECONNREFUSED, CERT_HAS_EXPIRED. */
  readonly code: string
  readonly server: string
  constructor(message: string, options: { code: string; server: string; cause: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'ConnectionError'
    this.code = options.code
    this.server = options.server
  }
}

export function isConnectionError(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError
}

/** Wraps what the HTTP library threw; an abort stays as it is. */
export function connectionError(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError' || error instanceof ConnectionError) return error
  const code = codeOf(error)
  return new ConnectionError(explain(code, { server, text: error.message }), { code, server, cause: error })
}

function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0]
    if (first instanceof Error) return codeOf(first)
  }
  return error.cause instanceof Error ? codeOf(error.cause) : ''
}

function explain(code: string, facts: { server: string; text: string }): string {
  const host = facts.server.replace(/^https?:\/\//, '')
  const unable = `Unable to connect to the server ${facts.server}`
  const certificate = 'tls: failed to verify certificate: x509'
  switch (code) {
    case 'ECONNREFUSED':
      return `The connection to the server ${host} was refused - did you specify the right host or port?`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${unable}: no such host`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${unable}: no route to host`
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return `${unable}: connection timed out`
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return `The server ${facts.server} did not answer in time`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `The server ${facts.server} closed the connection: ${facts.text}`
    case 'CERT_HAS_EXPIRED':
      return `${unable}: ${certificate}: certificate has expired or is not yet valid`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${unable}: ${certificate}: certificate is not valid for this host: ${facts.text}`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `${unable}: ${certificate}: certificate signed by unknown authority`
    default:
      return `${unable}: ${facts.text}`
  }
}
