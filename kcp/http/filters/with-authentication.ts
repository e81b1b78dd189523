// Finds out who calls. No credentials at all is a question for the authenticators too: one of them knows the anonymous user.
import { unauthorized } from '../../../api/status-error.ts'
import { type Authenticator, bearerTokenOf } from '../../auth/authenticator.ts'
import type { Filter } from '../exchange.ts'

/** A request that already has a user (in-process callers) passes. */
export function withAuthentication(authenticate: Authenticator): Filter {
  return next => async request => {
    if (request.user) return next(request)
    const { clientCertificate } = request
    const user = await authenticate({
      bearerToken: bearerTokenOf(request.headers.authorization),
      ...(clientCertificate ? { clientCertificate } : {}),
    })
    if (!user) throw unauthorized()
    return next({ ...request, user })
  }
}
