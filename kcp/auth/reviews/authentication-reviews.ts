// TokenReview: whose token is this? SelfSubjectReview: who am I?
import { badRequest, StatusError } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Authenticator, Credentials } from '../authenticator.ts'
import { decodeJwt } from '../tokens/jwt.ts'
import { readServiceAccountClaims } from '../tokens/service-account-claims.ts'
import { answer, type Review, specOf, textOf, textsOf, userStatus } from './review.ts'

export interface TokenReviewDeps {
  readonly authenticate: Authenticator
  /** Of this server, answered when the review names none. */
  readonly audiences: readonly string[]
}

export function createTokenReview({ authenticate, audiences }: TokenReviewDeps): Review {
  return async ({ body }) => {
    const spec = specOf(body)
    const token = textOf(spec.token)
    if (token === '') throw badRequest('token is required for TokenReview in authentication')
    const named = textsOf(spec.audiences)
    const asked = named.length === 0 ? audiences : named
    const user = await userOf(authenticate, { bearerToken: token, audiences: asked })
    if (typeof user === 'string') return answer(body, { error: user, user: {} })
    const common = audiencesOf(token, audiences).filter(audience => asked.includes(audience))
    if (common.length === 0) return answer(body, { error: wrongToken, user: {} })
    return answer(body, { audiences: common, authenticated: true, user: userStatus(user) })
  }
}

const wrongToken = 'invalid bearer token'

/** Those a good token of a ServiceAccount names; any other is for this server. */
function audiencesOf(token: string, ofServer: readonly string[]): readonly string[] {
  const jwt = decodeJwt(token)
  const claims = jwt && readServiceAccountClaims(jwt.claims)
  return claims?.kind === 'bound' ? claims.audiences : ofServer
}

/** A text: why there is none. */
async function userOf(authenticate: Authenticator, credentials: Credentials): Promise<UserInfo | string> {
  try {
    return (await authenticate(credentials)) ?? wrongToken
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 401) throw error
    return typeof error.cause === 'string' ? `[${wrongToken}, ${error.cause}]` : wrongToken
  }
}

export const reviewSelfSubject: Review = async ({ body, user }) => answer(body, { userInfo: userStatus(user) })
