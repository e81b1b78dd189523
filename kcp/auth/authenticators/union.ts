// All authenticators in a row. A wrong token is a 401 unless another credential of the request is good; without any
// credentials the caller is anonymous.
import { StatusError, unauthorized } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import {
  type Authenticator,
  allAuthenticatedGroup,
  allUnauthenticatedGroup,
  type Credentials,
} from '../authenticator.ts'

export const anonymousUser: UserInfo = { username: 'system:anonymous', groups: [allUnauthenticatedGroup] }

export type Authenticate = (credentials: Credentials) => Promise<UserInfo>

export function createAuthenticate(authenticators: readonly Authenticator[]): Authenticate {
  return async credentials => {
    let failure: StatusError | undefined
    for (const authenticate of authenticators) {
      try {
        const user = await authenticate(credentials)
        if (user) return withAuthenticatedGroup(user)
      } catch (error) {
        if (!(error instanceof StatusError) || error.code !== 401) throw error
        failure = error
      }
    }
    if (failure || credentials.bearerToken !== '') throw failure ?? unauthorized()
    return anonymousUser
  }
}

/** The same object each time: what is known of a user is kept beside it. */
const authenticated = new WeakMap<UserInfo, UserInfo>()

function withAuthenticatedGroup(user: UserInfo): UserInfo {
  const kept = authenticated.get(user)
  if (kept) return kept
  const known = user.groups.includes(allAuthenticatedGroup) || user.groups.includes(allUnauthenticatedGroup)
  const whole = known ? user : { ...user, groups: [...user.groups, allAuthenticatedGroup] }
  authenticated.set(user, whole)
  return whole
}
