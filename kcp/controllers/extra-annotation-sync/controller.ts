// Copies annotations `extra.apis.kcp.io/…` of an APIExport to all its APIBindings, and takes away those it lost.

import { equalJson } from '../../../api/json.ts'
import { isNotFound } from '../../../api/status-error.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import type { WorkspaceCatalog } from '../../workspaces/catalog.ts'
import type { ApiBinding } from '../api-binding/api-binding.ts'
import type { BindingEvents } from '../binding-events.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { apiBindings, apiExports } from '../resources.ts'
import { annotationChange, extras } from './annotations.ts'

export interface ExtraAnnotationDeps extends LoopDeps {
  readonly resolve: ResolveCluster
  readonly bindings: BindingEvents
  readonly catalog: Pick<WorkspaceCatalog, 'clustersBoundTo'>
}

/** Keys are logical clusters with bindings. A new binding gets the annotations from admission already. */
export function startExtraAnnotationController(deps: ExtraAnnotationDeps): Loop {
  const { client, informers } = deps
  const exports = informers.objectsOf(apiExports)
  const loop = startLoop(deps, {
    name: 'kcp-extra-annotation-sync',
    reconcile: async cluster => {
      const local = client.cluster(cluster)
      for (const binding of (await listAll<ApiBinding>(local, apiBindings)).items) {
        const reference = binding.spec.reference.export
        const apiExport = reference && findReferenced(exports, deps.resolve, { ...reference, from: cluster }).object
        const annotations = apiExport && annotationChange(binding, apiExport)
        if (annotations === undefined) continue
        const { name, uid } = binding.metadata
        try {
          await local.patch(apiBindings, { name }, { type: 'merge', body: { metadata: { uid, annotations } } })
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
      }
    },
  })
  exports.onChange((key, after, before) => {
    if (after === undefined || before === undefined || equalJson(extras(after), extras(before))) return
    for (const cluster of deps.catalog.clustersBoundTo(key.cluster, key.name)) loop.add(cluster)
  })
  deps.bindings.onChange((key, isThere, object) => {
    if (isThere && !object) loop.add(key.cluster)
    const binding = object as ApiBinding | undefined
    if (!binding || binding.metadata.deletionTimestamp) return
    const reference = binding.spec.reference.export
    const apiExport = reference && findReferenced(exports, deps.resolve, { ...reference, from: key.cluster }).object
    if (apiExport && annotationChange(binding, apiExport)) loop.add(key.cluster)
  })
  return loop
}
