// The resources the plugin speaks to.
import type { GroupVersionResource } from '../api/objects.ts'

export const workspaces = {
  group: 'tenancy.kcp.io',
  version: 'v1alpha1',
  resource: 'workspaces',
} satisfies GroupVersionResource
export const logicalClusters = {
  group: 'core.kcp.io',
  version: 'v1alpha1',
  resource: 'logicalclusters',
} satisfies GroupVersionResource
export const apiBindings = {
  group: 'apis.kcp.io',
  version: 'v1alpha1',
  resource: 'apibindings',
} satisfies GroupVersionResource
export const placements = {
  group: 'scheduling.kcp.io',
  version: 'v1alpha1',
  resource: 'placements',
} satisfies GroupVersionResource
export const syncTargets = {
  group: 'workload.kcp.io',
  version: 'v1alpha1',
  resource: 'synctargets',
} satisfies GroupVersionResource
export const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' } satisfies GroupVersionResource
export const secrets = { group: '', version: 'v1', resource: 'secrets' } satisfies GroupVersionResource
export const clusterRoles = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterroles',
} satisfies GroupVersionResource
export const clusterRoleBindings = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
} satisfies GroupVersionResource
