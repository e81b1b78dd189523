// A logical cluster may be closed to all but some groups: alternatives separated by `;`, each a list joined by `,`.
import { deny, noOpinion } from '../authorizer.ts'
import { bootstrapperGroup, type Gate, type GetLogicalCluster, homeClustersOf, kcpAdminGroup } from './gate.ts'

export function createRequiredGroupsGate(getLogicalCluster: GetLogicalCluster): Gate {
  return async ({ user, cluster }) => {
    if (homeClustersOf(user)) return undefined
    const logicalCluster = await getLogicalCluster(cluster)
    if (!logicalCluster) return noOpinion('there is no logical cluster')
    const { requiredGroups } = logicalCluster
    if (requiredGroups === '' || isMember(user.groups, requiredGroups)) return undefined
    return deny('user is not in the required groups')
  }
}

function isMember(groups: readonly string[], required: string): boolean {
  if (groups.includes(kcpAdminGroup) || groups.includes(bootstrapperGroup)) return true
  return required.split(';').some(all => all.split(',').every(group => groups.includes(group)))
}
