// Asks RBAC: the bindings of some scopes, the roles they name, and whether one of their rules covers the request.
import type { UserInfo } from '../../../api/user.ts'
import { type Attributes, type Authorizer, allow, noOpinion } from '../authorizer.ts'
import type { RbacReader } from '../rbac-source.ts'
import { type PolicyRule, ruleCovers, subjectKeysOf } from './rbac.ts'

/** Where bindings are read, and where the ClusterRoles they name are looked up, in this order. */
export interface RbacScope {
  readonly bindings: string
  readonly clusterRoles: readonly string[]
}

export interface RbacQuestion {
  readonly user: UserInfo
  readonly namespace: string
}

/** The logical cluster that holds the policy all others share. */
export const systemAdminCluster = 'system:admin'

export function localScope(cluster: string): RbacScope {
  return { bindings: cluster, clusterRoles: [cluster, systemAdminCluster] }
}

export const bootstrapScope: RbacScope = { bindings: systemAdminCluster, clusterRoles: [systemAdminCluster] }

/** Allows what the bindings of the scopes grant; has no opinion on the rest. */
export function createRbacAuthorizer(
  reader: RbacReader,
  scopesOf: (attributes: Attributes) => readonly RbacScope[],
): Authorizer {
  return async attributes => {
    for (const scope of scopesOf(attributes)) {
      if (await isGranted(reader, scope, attributes)) return allow('RBAC: allowed by a binding')
    }
    return noOpinion('no RBAC policy matched')
  }
}

async function isGranted(reader: RbacReader, scope: RbacScope, attributes: Attributes): Promise<boolean> {
  for await (const rules of grantedRules(reader, scope, attributes)) {
    if (rules.some(rule => ruleCovers(rule, attributes))) return true
  }
  return false
}

/** The rules of each role the user has in this scope: cluster-wide, then in the namespace. */
export async function* grantedRules(
  reader: RbacReader,
  { bindings, clusterRoles }: RbacScope,
  { user, namespace }: RbacQuestion,
): AsyncGenerator<readonly PolicyRule[]> {
  const keys = subjectKeysOf(user)
  const clusterRole = async (name: string): Promise<readonly PolicyRule[]> => {
    for (const cluster of clusterRoles) {
      const rules = await reader.clusterRole(cluster, name)
      if (rules) return rules
    }
    return []
  }
  const everywhere = await reader.clusterRoleBindings(bindings)
  for (const key of keys) for (const ref of everywhere.get(key) ?? []) yield await clusterRole(ref.name)
  if (namespace === '') return
  const inNamespace = await reader.roleBindings(bindings, namespace)
  for (const key of keys) {
    for (const ref of inNamespace.get(key) ?? []) {
      if (ref.kind === 'ClusterRole') yield await clusterRole(ref.name)
      else yield (await reader.role(bindings, namespace, ref.name)) ?? []
    }
  }
}
