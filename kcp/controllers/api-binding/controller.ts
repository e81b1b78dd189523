// Binds APIs: status of APIBindings from their exports, bound CRDs for the schemas, and clean-up when a binding goes.
// Keys are logical clusters. Leaves out: labels of claimed objects.
import { equalJson } from '../../../api/json.ts'
import { formatKey } from '../../../api/objects.ts'
import type { ApiSet } from '../../registry/resource.ts'
import type { WorkspaceCatalog } from '../../workspaces/catalog.ts'
import { createRemainsWatcher } from '../content/watch-remains.ts'
import type { ResolveCluster } from '../export-lookup.ts'
import { type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { apiBindings, apiConversions, apiExports, apiResourceSchemas, customResourceDefinitions } from '../resources.ts'
import { reconcileCluster } from './reconcile.ts'
import { createSchemas } from './schemas.ts'

export interface ApiBindingDeps extends LoopDeps {
  readonly now: () => Date
  readonly catalog: Pick<WorkspaceCatalog, 'hasBoundCrd' | 'whenCurrent' | 'clustersBoundTo'>
  readonly apisOf: (cluster: string) => ApiSet
  readonly resolve: ResolveCluster
}

export function startApiBindingController(deps: ApiBindingDeps): Loop {
  const { client, informers, catalog } = deps
  const exports = informers.objectsOf(apiExports)
  const schemas = createSchemas(deps)
  // Clusters with a binding that cannot be bound yet, by the name of the export; a path may start to resolve later.
  const waiting = new Map<string, Set<string>>()
  const waits = (cluster: string, exportName: string) => {
    const clusters = waiting.get(exportName) ?? new Set()
    waiting.set(exportName, clusters.add(cluster))
  }
  const watcher = createRemainsWatcher({ changed: cluster => loop.add(cluster), log: deps.log, signal: deps.signal })
  const loop = startLoop(deps, {
    name: 'kcp-apibinding',
    reconcile: cluster => reconcileCluster({ ...deps, client, exports, schemas, waits, watcher }, cluster),
  })
  const wake = (exportName: string) => {
    for (const cluster of waiting.get(exportName) ?? []) loop.add(cluster)
    waiting.delete(exportName)
  }
  informers.keysOf(apiBindings).onChange(key => loop.add(key.cluster))
  exports.onChange((key, after, before) => {
    wake(key.name)
    if (before === undefined || equalJson(after?.spec, before.spec)) return
    for (const cluster of catalog.clustersBoundTo(key.cluster, key.name)) loop.add(cluster)
  })
  const schemaChanged = (key: { cluster: string; namespace: string; name: string }) => {
    schemas.forget(formatKey(key))
    for (const exportName of [...waiting.keys()]) wake(exportName)
  }
  informers.keysOf(apiResourceSchemas).onChange(schemaChanged)
  informers.keysOf(apiConversions).onChange(schemaChanged)
  informers.keysOf(customResourceDefinitions).onChange(key => {
    if (!key.cluster.startsWith('system:')) loop.add(key.cluster)
  })
  return loop
}
