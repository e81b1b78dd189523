// What an API provider lets consumers of its export do at most: RBAC in the provider's cluster for the user under another name.
import type { UserInfo } from '../../../api/user.ts'
import { type Attributes, noOpinion } from '../authorizer.ts'
import type { RbacReader } from '../rbac-source.ts'
import type { Gate } from './gate.ts'
import { bootstrapScope, createRbacAuthorizer, localScope } from './rbac-authorizer.ts'

/** Cluster of the export this resource is bound to here, if that export has a local maximal permission policy. */
export type GetPolicyCluster = (
  cluster: string,
  group: string,
  resource: string,
) => Promise<string | undefined> | undefined

const bindingPrefix = 'apis.kcp.io:binding:'

export function createMaximalPermissionPolicyGate(reader: RbacReader, getPolicyCluster: GetPolicyCluster): Gate {
  const authorize = createRbacAuthorizer(reader, ({ cluster }) => [localScope(cluster), bootstrapScope])
  const decide = async (attributes: Attributes, policyCluster: Promise<string | undefined>) => {
    const cluster = await policyCluster
    if (cluster === undefined) return undefined
    const asked: Attributes = { ...attributes, cluster, user: asConsumer(attributes.user) }
    const decision = await authorize(asked)
    return decision.verdict === 'allow' ? undefined : noOpinion('not allowed by the maximal permission policy')
  }
  return attributes => {
    if (!attributes.isResource) return undefined
    const cluster = getPolicyCluster(attributes.cluster, attributes.group, attributes.resource)
    return cluster && decide(attributes, cluster)
  }
}

function asConsumer({ username, groups }: UserInfo): UserInfo {
  return { username: bindingPrefix + username, groups: groups.map(group => bindingPrefix + group) }
}
