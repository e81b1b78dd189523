// TokenReview: whose token is this? SelfSubjectReview: who am I?
import { badRequest, StatusError } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Authenticator } from '../authenticator.ts'
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
    const asked = textsOf(spec.audiences)
    const common = asked.length === 0 ? audiences : asked.filter(audience => audiences.includes(audience))
    const user = common.length === 0 ? undefined : await userOf(authenticate, token)
    if (!user) return answer(body, { error: 'invalid bearer token', user: {} })
    return answer(body, { audiences: [...common], authenticated: true, user: userStatus(user) })
  }
}

async function userOf(authenticate: Authenticator, bearerToken: string): Promise<UserInfo | undefined> {
  try {
    return await authenticate({ bearerToken })
  } catch (error) {
    if (error instanceof StatusError && error.code === 401) return undefined
    throw error
  }
}

export const reviewSelfSubject: Review = async ({ body, user }) => answer(body, { userInfo: userStatus(user) })
