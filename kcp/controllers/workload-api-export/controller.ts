// Fills the local export `kubernetes` of workspaces with SyncTargets from their negotiated APIs. Keys are logical clusters.
import { equalJson } from '../../../api/json.ts'
import { isAlreadyExists, isNotFound } from '../../../api/status-error.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import { importedApisExport } from '../api-export-create/decide.ts'
import type { NegotiatedApiResource } from '../api-negotiation/api-resource-import.ts'
import type { ResolveCluster } from '../export-lookup.ts'
import { getOrUndefined, type Loop, patchRead } from '../loop.ts'
import { apiExports, apiResourceSchemas, negotiatedApiResources } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import type { ApiResourceSchema } from '../sync-target-export/exported-resources.ts'
import { decide } from './decide.ts'

export interface WorkloadApiExportDeps extends SchedulingDeps {
  readonly resolve: ResolveCluster
}

const computePath = 'root:compute'

export function startWorkloadApiExportController(deps: WorkloadApiExportDeps): Loop {
  const { scheduling, informers } = deps
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-workload-apiexport',
    reconcile: cluster => reconcile(deps, cluster),
  })
  const hasSyncTargets = (cluster: string) => scheduling.syncTargets.keysByIndex('cluster', cluster).length > 0
  informers.objectsOf(apiExports).onChange((key, after) => {
    if (after !== undefined && key.name === importedApisExport && hasSyncTargets(key.cluster)) loop.add(key.cluster)
  })
  scheduling.negotiated.onChange(key => loop.add(key.cluster))
  scheduling.syncTargets.onChange((key, after, before) => {
    if (!equalJson(after?.supportedExports, before?.supportedExports)) loop.add(key.cluster)
  })
  return loop
}

async function reconcile(deps: WorkloadApiExportDeps, cluster: string): Promise<void> {
  const { client, scheduling } = deps
  const syncTargets = scheduling.syncTargets.byIndex('cluster', cluster)
  const key = { cluster, namespace: '', name: importedApisExport }
  const apiExport = syncTargets.length === 0 ? undefined : await getOrUndefined(client, apiExports, key)
  if (apiExport === undefined || apiExport.metadata.deletionTimestamp) return
  const local = client.cluster(cluster)
  const negotiated = await listAll<NegotiatedApiResource>(local, negotiatedApiResources)
  const schemas = await listAll<ApiResourceSchema>(local, apiResourceSchemas)
  const compute = deps.resolve(computePath)
  const usesComputeExport = syncTargets.some(({ supportedExports }) =>
    supportedExports.some(
      ({ path, export: name }) => name === importedApisExport && path && deps.resolve(path) === compute,
    ),
  )
  const { uid } = apiExport.metadata
  const owned = schemas.items.filter(({ metadata }) => metadata.ownerReferences?.some(owner => owner.uid === uid))
  const decision = decide({ apiExport, negotiated: negotiated.items, schemas: owned, usesComputeExport })
  for (const schema of decision.creations) await unless(isAlreadyExists, local.create(apiResourceSchemas, schema))
  if (decision.latestResourceSchemas) {
    const body = { spec: { latestResourceSchemas: decision.latestResourceSchemas } }
    await patchRead(client, apiExports, { object: apiExport, body })
  }
  for (const name of decision.deletions) await unless(isNotFound, local.delete(apiResourceSchemas, { name }))
}

async function unless(isExpected: (error: unknown) => boolean, write: Promise<unknown>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (!isExpected(error)) throw error
  }
}
