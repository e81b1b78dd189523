// The story of a request: from the outermost filter to the handler. Each filter is one file in filters/.
import type { Authenticator } from '../auth/authenticator.ts'
import type { Authorizer } from '../auth/authorizer.ts'
import type { Filter, Handler } from './exchange.ts'
import { withAuthentication } from './filters/with-authentication.ts'
import { withAuthorization } from './filters/with-authorization.ts'
import { withCluster } from './filters/with-cluster.ts'
import { withCompression } from './filters/with-compression.ts'
import { withImpersonation } from './filters/with-impersonation.ts'
import { withPanicRecovery } from './filters/with-panic-recovery.ts'
import { withPrettyJson } from './filters/with-pretty-json.ts'
import { withRequestInfo } from './filters/with-request-info.ts'
import { withRequestLog } from './filters/with-request-log.ts'
import { withResponseHeaders } from './filters/with-response-headers.ts'
import { withServiceAccountCluster } from './filters/with-service-account-cluster.ts'
import { withTimeout } from './filters/with-timeout.ts'
import type { HttpLog } from './log.ts'

export interface FilterOptions {
  readonly log: HttpLog
  readonly now: () => Date
  readonly newAuditId: () => string
  readonly authenticate: Authenticator
  readonly authorize: Authorizer
  /** Where `/clusters/<path>/` leads; absent on a server with one cluster. */
  readonly resolveCluster?: (path: string) => string | undefined
  /** Serves `/services/…` behind authentication; authorizes by its own rules. */
  readonly services?: Handler
  /** Between authentication and authorization: home workspaces. */
  readonly beforeAuthorization?: readonly Filter[]
}

/** Outermost first. Audit would stand after authentication, priority and fairness after impersonation. */
export function createFilters(options: FilterOptions): readonly Filter[] {
  const { resolveCluster, log, now } = options
  return [
    ...(log.isLevelEnabled?.('debug') ? [withRequestLog(log, now)] : []),
    withCompression(),
    withPrettyJson(),
    withResponseHeaders(options.newAuditId),
    withPanicRecovery(log),
    withTimeout(),
    ...(resolveCluster ? [withServiceAccountCluster(), withCluster(resolveCluster)] : []),
    withAuthentication(options.authenticate),
    ...(options.services ? [withServices(options.services)] : []),
    withImpersonation(options.authorize),
    ...(options.beforeAuthorization ?? []),
    withRequestInfo(),
    withAuthorization(options.authorize),
  ]
}

/** Virtual workspaces take their requests here. */
function withServices(services: Handler): Filter {
  return next => request => (request.path.startsWith('/services/') ? services(request) : next(request))
}
