// A gate lets a request through to the next authorizer (undefined) or ends the chain with an answer.
import type { UserInfo } from '../../../api/user.ts'
import { clusterNameExtra } from '../authenticators/service-account.ts'
import type { Attributes, Authorizer, Decision } from '../authorizer.ts'

/** At once where nothing has to be read: gates are asked at every request. */
export type Gate = (attributes: Attributes) => Promise<Decision | undefined> | Decision | undefined

/** What the gates ask about a logical cluster. */
export interface LogicalClusterFacts {
  readonly phase: string
  /** authorization.kcp.io/required-groups; '' when absent. */
  readonly requiredGroups: string
}

export type GetLogicalCluster = (
  cluster: string,
) => Promise<LogicalClusterFacts | undefined> | LogicalClusterFacts | undefined

export const kcpAdminGroup = 'system:kcp:admin'
export const bootstrapperGroup = 'system:kcp:tenancy:workspace-bootstrapper'
export const logicalClusterAdminGroup = 'system:kcp:logical-cluster-admin'

export function withGates(gates: readonly Gate[], authorize: Authorizer): Authorizer {
  return async attributes => {
    for (const gate of gates) {
      const answer = gate(attributes)
      const decision = answer instanceof Promise ? await answer : answer
      if (decision) return decision
    }
    return authorize(attributes)
  }
}

/** Logical clusters a ServiceAccount is from; undefined for other users. */
export function homeClustersOf(user: UserInfo): readonly string[] | undefined {
  return user.extra?.[clusterNameExtra]
}
