// Asks RBAC: the bindings of some scopes, the roles they name, and whether one of their rules covers the request.
import type { UserInfo } from '../../../api/user.ts'
import { type Attributes, type Authorizer, allow, noOpinion } from '../authorizer.ts'
import { type RbacReader, sharedCluster } from '../rbac-source.ts'
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
export const systemAdminCluster = sharedCluster

export function localScope(cluster: string): RbacScope {
  return { bindings: cluster, clusterRoles: [cluster, systemAdminCluster] }
}

export const bootstrapScope: RbacScope = { bindings: systemAdminCluster, clusterRoles: [systemAdminCluster] }

/** Allows what the bindings of the scopes grant; has no opinion on the rest. */
export function createRbacAuthorizer(
  reader: RbacReader,
  scopesOf: (attributes: Attributes) => readonly RbacScope[],
): Authorizer {
  const latest = createLatestGrants(reader)
  return async attributes => {
    for (const scope of scopesOf(attributes)) {
      if (latest.grant(scope, attributes) || (await isGranted(reader, scope, attributes, latest))) return allowed
    }
    return noOpinion('no RBAC policy matched')
  }
}

const allowed = allow('RBAC: allowed by a binding')

async function isGranted(
  reader: RbacReader,
  scope: RbacScope,
  attributes: Attributes,
  latest: LatestGrants,
): Promise<boolean> {
  const generation = reader.generation?.(scope.bindings)
  for await (const rules of grantedRules(reader, scope, attributes)) {
    if (!covers(rules, attributes)) continue
    latest.keep(scope, attributes, { rules, generation })
    return true
  }
  return false
}

function covers(rules: readonly PolicyRule[], attributes: Attributes): boolean {
  for (const rule of rules) if (ruleCovers(rule, attributes)) return true
  return false
}

interface Grant {
  readonly rules: readonly PolicyRule[]
  /** Read before the rules were. */
  readonly generation: number | undefined
}

interface LatestGrants {
  /** Whether the role that granted something last grants this too; false says nothing. */
  grant(scope: RbacScope, attributes: Attributes): boolean
  keep(scope: RbacScope, attributes: Attributes, grant: Grant): void
}

const grantsPerUserMax = 200

/** A client asks the same again and again: the role that let it through is tried before all bindings are read. */
function createLatestGrants(reader: RbacReader): LatestGrants {
  const users = new WeakMap<UserInfo, Map<string, Grant>>()
  return {
    grant({ bindings }, attributes) {
      const found = users.get(attributes.user)?.get(`${bindings}/${attributes.namespace}`)
      if (!found || found.generation !== reader.generation?.(bindings)) return false
      return covers(found.rules, attributes)
    },
    keep({ bindings }, { user, namespace }, grant) {
      if (grant.generation === undefined) return
      const grants = users.get(user) ?? new Map<string, Grant>()
      if (grants.size >= grantsPerUserMax) grants.clear()
      users.set(user, grants.set(`${bindings}/${namespace}`, grant))
    },
  }
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
