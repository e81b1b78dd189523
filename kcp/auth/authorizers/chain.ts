// The order in which authorizers are asked. kcp: masters and open paths, then gates that a request must pass in its
// logical cluster, then RBAC. Plain Kubernetes (the simulated cluster): masters, open paths, RBAC.
import { type Authorizer, union } from '../authorizer.ts'
import type { RbacReader } from '../rbac-source.ts'
import { createPathAuthorizer, systemMastersAuthorizer } from './always-allow.ts'
import { type GetLogicalCluster, withGates } from './gate.ts'
import { createMaximalPermissionPolicyGate, type GetPolicyCluster } from './maximal-permission-policy.ts'
import { bootstrapScope, createRbacAuthorizer, localScope } from './rbac-authorizer.ts'
import { createRequiredGroupsGate } from './required-groups.ts'
import { systemCrdGate } from './system-crd.ts'
import { createWorkspaceContentGate } from './workspace-content.ts'

export interface KcpAuthorizerDeps {
  readonly rbac: RbacReader
  readonly getLogicalCluster: GetLogicalCluster
  readonly getPolicyCluster: GetPolicyCluster
  readonly alwaysAllowPaths: readonly string[]
}

export interface KcpAuthorizers {
  readonly authorize: Authorizer
  /** Skips the gates that ask whether the user may enter: for checks of admission in a provider's cluster. */
  readonly authorizeDeep: Authorizer
}

export function createKcpAuthorizers(deps: KcpAuthorizerDeps): KcpAuthorizers {
  const rbac = createRbacAuthorizer(deps.rbac, ({ cluster }) => [bootstrapScope, localScope(cluster)])
  const first = [systemMastersAuthorizer, createPathAuthorizer(deps.alwaysAllowPaths)]
  const gates = [
    createRequiredGroupsGate(deps.getLogicalCluster),
    createWorkspaceContentGate(deps.getLogicalCluster, rbac),
    systemCrdGate,
    createMaximalPermissionPolicyGate(deps.rbac, deps.getPolicyCluster),
  ]
  return {
    authorize: union([...first, withGates(gates, rbac)]),
    authorizeDeep: union([...first, withGates([systemCrdGate], rbac)]),
  }
}

/** One cluster of plain Kubernetes, which tells no reasons, and whose objects lie under this cluster name in the store. */
export function createKubernetesAuthorizer(
  reader: RbacReader,
  options: { readonly cluster: string; readonly alwaysAllowPaths: readonly string[] },
): Authorizer {
  const scope = { bindings: options.cluster, clusterRoles: [options.cluster] }
  const authorize = union([
    systemMastersAuthorizer,
    createPathAuthorizer(options.alwaysAllowPaths),
    createRbacAuthorizer(reader, () => [scope]),
  ])
  return async attributes => ({ ...(await authorize(attributes)), told: '' })
}
