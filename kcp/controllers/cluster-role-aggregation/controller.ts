// Keeps aggregated ClusterRoles up to date with the roles they select in their logical cluster. Works on any server.
import { formatKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import { clientFor, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { clusterRoles } from '../resources.ts'
import { aggregatedRules, type ClusterRole } from './decide.ts'

/** Keys are logical clusters that have aggregated roles. */
export function startClusterRoleAggregationController(deps: LoopDeps): Loop {
  const { client, informers } = deps
  const aggregated = new Map<string, Set<string>>()
  const loop = startLoop(deps, {
    name: 'clusterrole-aggregation',
    workers: 2,
    reconcile: async text => {
      const cluster = text.slice(prefix.length)
      const { items } = await listAll<ClusterRole>(clientFor(client, cluster), clusterRoles)
      for (const role of items) {
        const rules = role.aggregationRule && aggregatedRules(role, items)
        if (rules === undefined || role.metadata.deletionTimestamp) continue
        try {
          await patchRead(client, clusterRoles, { object: role, body: { rules } })
        } catch (error) {
          if (!isConflict(error) && !isNotFound(error)) throw error
        }
      }
    },
  })
  informers.keysOf(clusterRoles).onChange((key, after, _before, object) => {
    const { cluster } = key
    const name = formatKey(key)
    const known = aggregated.get(cluster) ?? new Set()
    if (after === undefined) known.delete(name)
    else if ((object as ClusterRole | undefined)?.aggregationRule) known.add(name)
    if (known.size === 0) aggregated.delete(cluster)
    else {
      aggregated.set(cluster, known)
      loop.add(prefix + cluster)
    }
  })
  return loop
}

/** A plain server's cluster is '', which is no key. */
const prefix = 'cluster:'
