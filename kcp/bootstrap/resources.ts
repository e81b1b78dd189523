// Where the kinds that bootstrap writes are served.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { parseApiVersion } from '../../api/objects.ts'

const plurals: Readonly<Record<string, string>> = {
  APIBinding: 'apibindings',
  APIExport: 'apiexports',
  APIResourceSchema: 'apiresourceschemas',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ConfigMap: 'configmaps',
  LogicalCluster: 'logicalclusters',
  Namespace: 'namespaces',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Secret: 'secrets',
  Shard: 'shards',
  Workspace: 'workspaces',
  WorkspaceType: 'workspacetypes',
}

export function resourceOf(object: KubeObject): GroupVersionResource {
  const resource = plurals[object.kind]
  if (resource === undefined) throw new Error(`bootstrap knows no resource of kind ${object.kind}`)
  return { ...parseApiVersion(object.apiVersion), resource }
}

const apis = 'apis.kcp.io'
export const apiExports = { group: apis, version: 'v1alpha1', resource: 'apiexports' }
export const apiBindings = { group: apis, version: 'v1alpha1', resource: 'apibindings' }
export const logicalClusters = { group: 'core.kcp.io', version: 'v1alpha1', resource: 'logicalclusters' }
export const workspaces = { group: 'tenancy.kcp.io', version: 'v1alpha1', resource: 'workspaces' }
