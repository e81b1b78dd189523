// A verified client certificate: its common name is the user, its organizations are the groups.
import type { Authenticator } from '../authenticator.ts'

export function createClientCertificateAuthenticator(): Authenticator {
  return async ({ clientCertificate }) =>
    clientCertificate && clientCertificate.commonName !== ''
      ? { username: clientCertificate.commonName, groups: clientCertificate.organizations }
      : undefined
}
