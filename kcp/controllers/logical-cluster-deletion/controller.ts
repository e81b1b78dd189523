// Ends LogicalClusters: deletes their content, reports what is left, and lets them go. Their owner follows through the
// workspace controller.
import { type ConditionState, falseCondition, setCondition } from '../../../api/conditions.ts'
import { logicalClusterFinalizer } from '../../../api/names/kcp-keys.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { type DeletableResource, deleteContent, type Remains } from '../content/delete-content.ts'
import { finalizersText, resourcesText } from '../content/remaining-text.ts'
import { createRemainsWatcher } from '../content/watch-remains.ts'
import { type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { clusterRoleBindings, clusterRoles, logicalClusters, workspaces } from '../resources.ts'
import { readLogicalCluster } from '../workspace/perform.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'

export interface LogicalClusterDeletionDeps extends LoopDeps {
  readonly now: () => Date
  readonly resourcesOf: (cluster: string) => readonly (DeletableResource & { readonly namespaced: boolean })[]
}

const recheckMs = 5000
/** Who may do what in the cluster goes last, so that its administrators can still help. */
const keptLast = [
  'logicalclusters.core.kcp.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
]

export function startLogicalClusterDeletionController(deps: LogicalClusterDeletionDeps): Loop {
  const { client, informers, log, signal } = deps
  const watcher = createRemainsWatcher({ changed: cluster => loop.add(cluster), log, signal })
  const end = async (cluster: string) => {
    const logicalCluster = await readLogicalCluster(client, cluster)
    if (!logicalCluster?.metadata.deletionTimestamp) {
      watcher.stop(cluster)
      return undefined
    }
    const local = client.cluster(cluster)
    const content = deps.resourcesOf(cluster).filter(resource => !resource.namespaced && !isKept(resource))
    const remains = await deleteContent({ client: local }, content)
    if (remains.length === 0) {
      watcher.stop(cluster)
      await finish(client, logicalCluster, cluster)
      return undefined
    }
    watcher.watch(cluster, { client: local }, remains)
    const conditions = setCondition(logicalCluster.status?.conditions, remainingState(remains), deps.now())
    // A first pass that leaves things which are on their way is not worth a word.
    const isStuck = deps.now().getTime() - Date.parse(logicalCluster.metadata.deletionTimestamp) >= recheckMs
    if (isStuck && conditions !== logicalCluster.status?.conditions) {
      await patchRead(client, logicalClusters, {
        object: logicalCluster,
        body: { status: { conditions } },
        subresource: 'status',
      })
    }
    return { requeueAfterMs: recheckMs }
  }
  const loop = startLoop(deps, {
    name: 'kcp-logicalcluster-deletion',
    reconcile: async cluster => {
      try {
        return await end(cluster)
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error
        loop.add(cluster)
        return undefined
      }
    },
  })
  informers.keysOf(logicalClusters).onChange((key, after, _before, object) => {
    if (after !== undefined && object?.metadata.deletionTimestamp) loop.add(key.cluster)
  })
  return loop
}

function isKept({ group, resource }: DeletableResource): boolean {
  return keptLast.includes(`${resource}.${group}`)
}

function remainingState(remains: readonly Remains[]): ConditionState {
  const finalizers = finalizersText(remains, 'logical cluster')
  const message = finalizers === '' ? resourcesText(remains) : `${resourcesText(remains)}; ${finalizers}`
  return falseCondition('WorkspaceContentDeleted', { reason: 'SomeResourcesRemain', severity: 'Info', message })
}

async function finish(client: Client, logicalCluster: LogicalCluster, cluster: string): Promise<void> {
  const local = client.cluster(cluster)
  await Promise.all([local.deleteCollection(clusterRoleBindings), local.deleteCollection(clusterRoles)])
  const { owner, directlyDeletable } = logicalCluster.spec
  if (directlyDeletable && owner?.resource === 'workspaces') await deleteOwner(client, owner)
  const finalizers = (logicalCluster.metadata.finalizers ?? []).filter(name => name !== logicalClusterFinalizer)
  await patchRead(client, logicalClusters, { object: logicalCluster, body: { metadata: { finalizers } } })
}

async function deleteOwner(client: Client, owner: { cluster: string; name: string; uid: string }): Promise<void> {
  try {
    await client.cluster(owner.cluster).delete(workspaces, { name: owner.name }, { uid: owner.uid })
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error
  }
}
