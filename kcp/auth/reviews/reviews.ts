// Every review the server answers, by `<group>/<resource>`.
import type { Authenticator } from '../authenticator.ts'
import type { Authorizer } from '../authorizer.ts'
import type { RbacScope } from '../authorizers/rbac-authorizer.ts'
import type { RbacReader } from '../rbac-source.ts'
import {
  createLocalSubjectAccessReview,
  createSelfSubjectAccessReview,
  createSubjectAccessReview,
} from './access-reviews.ts'
import { createTokenReview, reviewSelfSubject } from './authentication-reviews.ts'
import type { Review } from './review.ts'
import { createSelfSubjectRulesReview } from './rules-review.ts'

export interface ReviewDeps {
  readonly authenticate: Authenticator
  readonly authorize: Authorizer
  readonly rbac: RbacReader
  readonly audiences: readonly string[]
  readonly scopesOf: (cluster: string) => readonly RbacScope[]
}

export function createReviews(deps: ReviewDeps): ReadonlyMap<string, Review> {
  const { authenticate, authorize, rbac, audiences, scopesOf } = deps
  return new Map([
    ['authentication.k8s.io/tokenreviews', createTokenReview({ authenticate, audiences })],
    ['authentication.k8s.io/selfsubjectreviews', reviewSelfSubject],
    ['authorization.k8s.io/selfsubjectaccessreviews', createSelfSubjectAccessReview(authorize)],
    ['authorization.k8s.io/subjectaccessreviews', createSubjectAccessReview(authorize)],
    ['authorization.k8s.io/localsubjectaccessreviews', createLocalSubjectAccessReview(authorize)],
    ['authorization.k8s.io/selfsubjectrulesreviews', createSelfSubjectRulesReview(rbac, scopesOf)],
  ])
}
