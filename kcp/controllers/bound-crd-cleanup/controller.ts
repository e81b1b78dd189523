// Removes bound CRDs that no binding needs any more. They are looked at when they are old enough, one timer each; there are
// as many as distinct schemas in use. A schema that is bound again gets its CRD again.
import { formatKey, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { boundCrdsCluster, type WorkspaceCatalog } from '../../workspaces/catalog.ts'
import { getOrUndefined, type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { customResourceDefinitions } from '../resources.ts'

export interface BoundCrdCleanupDeps extends LoopDeps {
  readonly catalog: Pick<WorkspaceCatalog, 'isSchemaBound' | 'whenCurrent'>
}

const unusedAgeMs = 30 * 60_000

export function startBoundCrdCleanupController(deps: BoundCrdCleanupDeps): Loop {
  const { client, catalog } = deps
  const loop = startLoop(deps, {
    name: 'kcp-crdcleanup',
    workers: 1,
    reconcile: async text => {
      const key = parseKey(text)
      await catalog.whenCurrent()
      if (catalog.isSchemaBound(key.name)) return { requeueAfterMs: unusedAgeMs }
      const crd = await getOrUndefined(client, customResourceDefinitions, key)
      if (crd === undefined) return undefined
      const { uid = '', resourceVersion = '', name } = crd.metadata
      try {
        await client.cluster(key.cluster).delete(customResourceDefinitions, { name }, { uid, resourceVersion })
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
      return undefined
    },
  })
  deps.informers.keysOf(customResourceDefinitions).onChange((key, after, before) => {
    const isNew = after !== undefined && before === undefined
    if (isNew && key.cluster === boundCrdsCluster) loop.addAfter(formatKey(key), unusedAgeMs)
  })
  return loop
}
