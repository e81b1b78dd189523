// Who may enter a logical cluster at all: its own ServiceAccounts, and users with verb `access` on `/`.
import { type Authorizer, deny, noOpinion } from '../authorizer.ts'
import { type Gate, type GetLogicalCluster, homeClustersOf, logicalClusterAdminGroup } from './gate.ts'

export function createWorkspaceContentGate(getLogicalCluster: GetLogicalCluster, rbac: Authorizer): Gate {
  return async attributes => {
    const { user, cluster } = attributes
    if (cluster === '' || cluster === '*' || cluster.startsWith('system:')) return noOpinion('not a workspace')
    if (user.groups.includes(logicalClusterAdminGroup)) return undefined
    const known = getLogicalCluster(cluster)
    const logicalCluster = known instanceof Promise ? await known : known
    if (!logicalCluster) return deny('there is no logical cluster')
    const { phase } = logicalCluster
    if (phase !== 'Initializing' && phase !== 'Ready') return noOpinion(`not permitted in phase ${phase}`)
    const homeClusters = homeClustersOf(user)
    if (homeClusters) return homeClusters.includes(cluster) ? undefined : deny('ServiceAccount of another cluster')
    const access = { ...attributes, isResource: false, verb: 'access', path: '/', namespace: '', name: '' }
    const decision = await rbac(access)
    return decision.verdict === 'allow' ? undefined : noOpinion('no verb=access permission on /')
  }
}
