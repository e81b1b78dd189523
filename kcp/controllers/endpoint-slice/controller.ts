// Endpoints of APIExportEndpointSlices: the virtual workspace URLs of the export they name.
// Leaves out: partitions select among shards, and there is one shard.
import { falseCondition, setCondition, trueCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import { type Condition, formatKey, type KubeObject } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import type { ApiExport } from '../api-export/decide.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { clusterOf, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { apiExportEndpointSlices, apiExports } from '../resources.ts'

export interface EndpointSliceDeps extends LoopDeps {
  readonly now: () => Date
  readonly resolve: ResolveCluster
}

interface EndpointSlice extends KubeObject {
  spec: { export: { path?: string; name: string } }
  status?: { endpoints?: { url: string }[]; conditions?: Condition[] }
}

export function startEndpointSliceController(deps: EndpointSliceDeps): Loop {
  const { client, informers, now, resolve } = deps
  const slices = informers.objectsOf(apiExportEndpointSlices)
  const exports = informers.objectsOf(apiExports)
  const loop = startLoop(deps, {
    name: 'kcp-apiexportendpointslice',
    reconcile: async key => {
      const slice = slices.get(key) as EndpointSlice | undefined
      if (slice === undefined || slice.metadata.deletionTimestamp) return
      const { object } = findReferenced(exports, resolve, { ...slice.spec.export, from: clusterOf(slice) })
      const status = statusOf(slice, object as ApiExport | undefined, now())
      if (equalJson(status, slice.status ?? {})) return
      try {
        await patchRead(client, apiExportEndpointSlices, { object: slice, body: { status }, subresource: 'status' })
      } catch (error) {
        // The event of what changed it brings the key back.
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
    },
  })
  slices.onChange(key => loop.add(formatKey(key)))
  exports.onChange(({ name }) => {
    for (const [key, slice] of slices.entries()) if ((slice as EndpointSlice).spec.export.name === name) loop.add(key)
  })
  return loop
}

function statusOf(
  slice: EndpointSlice,
  apiExport: ApiExport | undefined,
  now: Date,
): NonNullable<EndpointSlice['status']> {
  const { path, name } = slice.spec.export
  const message = `Error getting APIExport ${path ?? clusterOf(slice)}|${name}`
  const missing = falseCondition('APIExportValid', { reason: 'APIExportNotFound', severity: 'Error', message })
  const states = apiExport ? ['APIExportValid', 'PartitionValid', 'EndpointURLsReady'].map(trueCondition) : [missing]
  const conditions = states.reduce((list, state) => setCondition(list, state, now), slice.status?.conditions ?? [])
  const endpoints = (apiExport?.status?.virtualWorkspaces ?? []).map(({ url }) => ({ url }))
  return { ...slice.status, conditions, endpoints }
}
