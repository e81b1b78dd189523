// Binds APIs: status of APIBindings from their exports, bound CRDs for the schemas, and clean-up when a binding goes.
// Keys are logical clusters. Leaves out: labels of claimed objects.
import type { JsonObject } from '../../../api/json.ts'
import { formatKey, parseKey } from '../../../api/objects.ts'
import type { ApiSet } from '../../registry/resource.ts'
import type { WorkspaceCatalog } from '../../workspaces/catalog.ts'
import type { ApiExport } from '../api-export/decide.ts'
import type { BindingEvents } from '../binding-events.ts'
import { createRemainsWatcher } from '../content/watch-remains.ts'
import type { ResolveCluster } from '../export-lookup.ts'
import { type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { apiConversions, apiExports, apiResourceSchemas, customResourceDefinitions } from '../resources.ts'
import type { ApiBinding } from './api-binding.ts'
import { isSettled } from './plain-binding.ts'
import { reconcileCluster } from './reconcile.ts'
import { createSchemas } from './schemas.ts'

export interface ApiBindingDeps extends LoopDeps {
  readonly now: () => Date
  readonly catalog: Pick<WorkspaceCatalog, 'hasBoundCrd' | 'whenCurrent' | 'clustersBehind' | 'clustersBoundTo'>
  readonly apisOf: (cluster: string) => ApiSet
  readonly resolve: ResolveCluster
  readonly bindings: BindingEvents
}

export function startApiBindingController(deps: ApiBindingDeps): Loop {
  const { client, informers, catalog } = deps
  const exports = informers.objectsOf(apiExports)
  const schemas = createSchemas(deps)
  // Clusters with a binding that cannot be bound yet, by the name of the export; a path may start to resolve later.
  const waiting = new Map<string, Set<string>>()
  const waits = (cluster: string, exportName: string, still: boolean) => {
    const clusters = waiting.get(exportName) ?? new Set()
    if (still) clusters.add(cluster)
    else clusters.delete(cluster)
    if (clusters.size > 0) waiting.set(exportName, clusters)
    else waiting.delete(exportName)
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
  const behind = startLoop(deps, {
    name: 'kcp-apibinding-exports',
    reconcile: async text => {
      const apiExport = exports.get(text) as ApiExport | undefined
      if (apiExport === undefined) return
      const { cluster, name } = parseKey(text)
      const names = apiExport.spec.latestResourceSchemas ?? []
      const facts = await Promise.all(names.map(schema => schemas.ensure(cluster, schema)))
      await catalog.whenCurrent()
      const schemaUids = facts.map(schema => (typeof schema === 'string' ? schema : schema.uid))
      const claims = (apiExport.spec.permissionClaims ?? []) as JsonObject[]
      const identityHash = apiExport.status?.identityHash ?? ''
      for (const each of catalog.clustersBehind(cluster, name, { schemaUids, identityHash, claims })) loop.add(each)
    },
  })
  deps.bindings.onChange((key, _isThere, object) => {
    if (!object || !isSettled(object as ApiBinding)) loop.add(key.cluster)
  })
  exports.onChange((key, after) => {
    wake(key.name)
    if (after !== undefined) behind.add(formatKey(key))
    else for (const cluster of catalog.clustersBoundTo(key.cluster, key.name)) loop.add(cluster)
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

/** Bound, and nothing in it that could ask for more; most events are echoes of our own write. */
