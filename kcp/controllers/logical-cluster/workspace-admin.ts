// The ClusterRoleBinding that makes whoever created a workspace its administrator.
import { ownerAnnotation, replicateAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'

export const workspaceAdminName = 'workspace-admin'

export function clusterAdminBinding(logicalCluster: KubeObject): KubeObject | undefined {
  const owner = logicalCluster.metadata.annotations?.[ownerAnnotation]
  const username = owner === undefined ? undefined : usernameOf(owner)
  return username === undefined ? undefined : adminBinding(username)
}

export function adminBinding(username: string): KubeObject {
  const apiGroup = 'rbac.authorization.k8s.io'
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: workspaceAdminName, annotations: { [replicateAnnotation]: 'apis.kcp.io,tenancy.kcp.io' } },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup, kind: 'User', name: username }],
  }
}

function usernameOf(owner: string): string | undefined {
  try {
    const { username } = JSON.parse(owner) as { username?: unknown }
    return typeof username === 'string' && username !== '' ? username : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
