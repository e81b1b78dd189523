// Creates the default Location, APIExport and APIBinding of a workspace with SyncTargets. Keys are logical clusters.
import type { KubeObject } from '../../../api/objects.ts'
import { isAlreadyExists } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { getOrUndefined, type Loop } from '../loop.ts'
import { apiBindings, apiExports, locations } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { type Action, decide, importedApisExport } from './decide.ts'

export function startApiExportCreateController(deps: SchedulingDeps): Loop {
  const { client, scheduling, informers } = deps
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-workload-apiexport-create',
    reconcile: async cluster => {
      const hasSyncTarget = scheduling.syncTargets.keysByIndex('cluster', cluster).length > 0
      if (!hasSyncTarget) return
      const key = { cluster, namespace: '', name: importedApisExport }
      const apiExport = await getOrUndefined(client, apiExports, key)
      for (const action of decide({ hasSyncTarget, apiExport })) await perform(client.cluster(cluster), action)
    },
  })
  scheduling.syncTargets.onChange((key, after, before) => {
    if (after !== undefined && before === undefined) loop.add(key.cluster)
  })
  informers.objectsOf(apiExports).onChange((key, after) => {
    if (after === undefined && key.name === importedApisExport) loop.add(key.cluster)
  })
  return loop
}

async function perform(local: Client, action: Action): Promise<void> {
  switch (action.type) {
    case 'create-export':
      return unlessExists(local.create(apiExports, action.object))
    case 'create-location':
      return unlessExists(local.create(locations, action.object))
    case 'create-binding':
      return unlessExists(local.create(apiBindings, action.object))
    case 'mark-export': {
      const body = { metadata: { annotations: action.annotations } }
      await local.patch(apiExports, { name: importedApisExport }, { type: 'merge', body })
    }
  }
}

async function unlessExists(creation: Promise<KubeObject>): Promise<void> {
  try {
    await creation
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
