// Who may do what: the question an authorizer is asked and its answer. Authorizers are functions and are put together in
// authorizers/chain.ts. Leaves out: how a refusal looks on the wire (denial.ts) and admission.
import type { UserInfo } from '../../api/user.ts'

export interface Attributes {
  readonly user: UserInfo
  /** Logical cluster; '' when the path names none, '*' for all. A plain Kubernetes server always asks with ''. */
  readonly cluster: string
  /** A verb on a resource, or the lower-case HTTP method for other paths. */
  readonly verb: string
  readonly isResource: boolean
  readonly group: string
  readonly version: string
  /** Without an identity. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** Below the cluster prefix; for paths that are no resource. */
  readonly path: string
}

/** `no-opinion` leaves it to the next authorizer; at the end of a chain it is a refusal. */
export interface Decision {
  readonly verdict: 'allow' | 'deny' | 'no-opinion'
  /** For the log only. */
  readonly reason: string
  /** What clients see instead of `access granted` or `access denied`, kcp's words. */
  readonly told?: string
}

export type Authorizer = (attributes: Attributes) => Promise<Decision>

export function allow(reason: string): Decision {
  return { verdict: 'allow', reason }
}

export function deny(reason: string): Decision {
  return { verdict: 'deny', reason }
}

export function noOpinion(reason: string): Decision {
  return { verdict: 'no-opinion', reason }
}

/** Asks one after the other; the first answer that is an opinion counts. */
export function union(authorizers: readonly Authorizer[]): Authorizer {
  return async attributes => {
    const reasons: string[] = []
    for (const authorize of authorizers) {
      const decision = await authorize(attributes)
      if (decision.verdict !== 'no-opinion') return decision
      if (decision.reason !== '') reasons.push(decision.reason)
    }
    return noOpinion(reasons.join('; '))
  }
}
