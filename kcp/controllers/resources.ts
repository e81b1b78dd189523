// The resources these controllers work on, as they are addressed inside one logical cluster.
import type { GroupVersionResource } from '../../api/objects.ts'

function gvr(group: string, version: string, resource: string): GroupVersionResource {
  return { group, version, resource }
}

export const namespaces = gvr('', 'v1', 'namespaces')
export const secrets = gvr('', 'v1', 'secrets')
export const configMaps = gvr('', 'v1', 'configmaps')
export const serviceAccounts = gvr('', 'v1', 'serviceaccounts')
export const events = gvr('', 'v1', 'events')
export const clusterRoles = gvr('rbac.authorization.k8s.io', 'v1', 'clusterroles')
export const clusterRoleBindings = gvr('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings')
export const customResourceDefinitions = gvr('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')
export const apiExports = gvr('apis.kcp.io', 'v1alpha1', 'apiexports')
export const apiBindings = gvr('apis.kcp.io', 'v1alpha1', 'apibindings')
export const apiResourceSchemas = gvr('apis.kcp.io', 'v1alpha1', 'apiresourceschemas')
export const apiConversions = gvr('apis.kcp.io', 'v1alpha1', 'apiconversions')
export const apiExportEndpointSlices = gvr('apis.kcp.io', 'v1alpha1', 'apiexportendpointslices')
export const logicalClusters = gvr('core.kcp.io', 'v1alpha1', 'logicalclusters')
export const shards = gvr('core.kcp.io', 'v1alpha1', 'shards')
export const workspaces = gvr('tenancy.kcp.io', 'v1alpha1', 'workspaces')
export const workspaceTypes = gvr('tenancy.kcp.io', 'v1alpha1', 'workspacetypes')
export const syncTargets = gvr('workload.kcp.io', 'v1alpha1', 'synctargets')
export const locations = gvr('scheduling.kcp.io', 'v1alpha1', 'locations')
export const placements = gvr('scheduling.kcp.io', 'v1alpha1', 'placements')
export const apiResourceImports = gvr('apiresource.kcp.io', 'v1alpha1', 'apiresourceimports')
export const negotiatedApiResources = gvr('apiresource.kcp.io', 'v1alpha1', 'negotiatedapiresources')

/** A bound resource across all logical clusters is addressed with the identity of its export. */
export function withIdentity(resource: GroupVersionResource, identityHash: string): GroupVersionResource {
  return { ...resource, resource: `${resource.resource}:${identityHash}` }
}
