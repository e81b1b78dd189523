// Keeps LogicalClusters true to their initializers, and lets the owner of a new workspace in.

import { isAlreadyExists, isConflict } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { clusterOf, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { clusterRoleBindings, logicalClusters } from '../resources.ts'
import { readLogicalCluster } from '../workspace/perform.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'
import { decide } from './decide.ts'
import { clusterAdminBinding } from './workspace-admin.ts'

export interface LogicalClusterDeps extends LoopDeps {
  readonly now: () => Date
  /** Where clients reach this server, without a slash at the end. */
  readonly externalUrl: string
}

const stepsMax = 8

export function startLogicalClusterController(deps: LogicalClusterDeps): Loop {
  const { client, informers } = deps
  // Clusters that are Initializing and have their administrator.
  const admitted = new Set<string>()
  const reconcile = async (cluster: string): Promise<void> => {
    let logicalCluster = await readLogicalCluster(client, cluster)
    if (logicalCluster?.status?.phase !== 'Initializing') admitted.delete(cluster)
    else if (!admitted.has(cluster)) {
      await ensureAdmin(client, logicalCluster, cluster)
      admitted.add(cluster)
    }
    for (let step = 0; step < stepsMax && logicalCluster; step++) {
      const url = `${deps.externalUrl}/clusters/${cluster}`
      const action = decide({ logicalCluster, url, now: deps.now() })
      if (action === undefined) return
      const write =
        action.type === 'write-status'
          ? ({ object: logicalCluster, body: { status: action.status }, subresource: 'status' } as const)
          : { object: logicalCluster, body: { metadata: { labels: action.labels } } }
      logicalCluster = await patchRead<LogicalCluster>(client, logicalClusters, write)
    }
  }
  const loop = startLoop(deps, {
    name: 'kcp-logicalcluster',
    workers: 32,
    reconcile: async cluster => {
      try {
        await reconcile(cluster)
      } catch (error) {
        if (!isConflict(error)) throw error
        loop.add(cluster)
      }
    },
  })
  informers.keysOf(logicalClusters).onChange((key, after, _before, object) => {
    if (after === undefined || !object) return
    const logicalCluster = object as LogicalCluster
    const isNew = logicalCluster.status?.phase === 'Initializing' && !admitted.has(key.cluster)
    if (isNew || needsWork(logicalCluster, deps)) loop.add(key.cluster)
  })
  return loop
}

function needsWork(logicalCluster: LogicalCluster, { now, externalUrl }: LogicalClusterDeps): boolean {
  const cluster = clusterOf(logicalCluster)
  return decide({ logicalCluster, url: `${externalUrl}/clusters/${cluster}`, now: now() }) !== undefined
}

/** Only while Initializing: afterwards the binding is the administrators' to change. */
async function ensureAdmin(client: Client, logicalCluster: LogicalCluster, cluster: string): Promise<void> {
  const binding = clusterAdminBinding(logicalCluster)
  if (binding === undefined) return
  try {
    await client.cluster(cluster).create(clusterRoleBindings, binding)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
