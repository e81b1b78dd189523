// Who is calling: what an authenticator sees of a request, and its answer. Authenticators are functions; union.ts puts
// them together. Leaves out: impersonation, which is an authorization question asked by a filter.
import type { UserInfo } from '../../api/user.ts'

export interface Credentials {
  /** Text after `Bearer `; '' when the request has no such header. */
  readonly bearerToken: string
  /** Whom a token must be for; unset: this server. */
  readonly audiences?: readonly string[]
  /** Set only when the TLS layer verified the certificate against the client CA. */
  readonly clientCertificate?: { readonly commonName: string; readonly organizations: readonly string[] }
}

/** undefined: these credentials are not mine. Throws StatusError 401 for those that are mine and wrong. */
export type Authenticator = (credentials: Credentials) => Promise<UserInfo | undefined>

export const allAuthenticatedGroup = 'system:authenticated'
export const allUnauthenticatedGroup = 'system:unauthenticated'

const bearerScheme = /^bearer +(\S+) *$/i

/** The token of an Authorization header; '' for other schemes. */
export function bearerTokenOf(authorization: string | undefined): string {
  return bearerScheme.exec(authorization ?? '')?.[1] ?? ''
}
