// A logical cluster may be closed to all but some groups: alternatives separated by `;`, each a list joined by `,`.
import type { UserInfo } from '../../../api/user.ts'
import { type Decision, deny, noOpinion } from '../authorizer.ts'
import {
  bootstrapperGroup,
  type Gate,
  type GetLogicalCluster,
  homeClustersOf,
  kcpAdminGroup,
  type LogicalClusterFacts,
} from './gate.ts'

export function createRequiredGroupsGate(getLogicalCluster: GetLogicalCluster): Gate {
  return ({ user, cluster }) => {
    if (homeClustersOf(user)) return undefined
    const known = getLogicalCluster(cluster)
    return known instanceof Promise ? known.then(facts => decide(user, facts)) : decide(user, known)
  }
}

function decide({ groups }: UserInfo, logicalCluster: LogicalClusterFacts | undefined): Decision | undefined {
  if (!logicalCluster) return noOpinion('there is no logical cluster')
  const { requiredGroups } = logicalCluster
  if (requiredGroups === '' || isMember(groups, requiredGroups)) return undefined
  return deny('user is not in the required groups')
}

function isMember(groups: readonly string[], required: string): boolean {
  if (groups.includes(kcpAdminGroup) || groups.includes(bootstrapperGroup)) return true
  return required.split(';').some(all => all.split(',').every(group => groups.includes(group)))
}
