// Ends Namespaces: deletes what is in them, says what is left, and lets them go when nothing is. Works on any server.
import { formatKey, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { type DeletableResource, deleteContent } from '../content/delete-content.ts'
import { createRemainsWatcher } from '../content/watch-remains.ts'
import { clientFor, getOrUndefined, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { namespaces } from '../resources.ts'
import { kubernetesFinalizer, type Namespace, remainingConditions } from './decide.ts'

export interface NamespaceDeletionDeps extends LoopDeps {
  readonly now: () => Date
  /** What the logical cluster serves; '' on a plain Kubernetes server. */
  readonly resourcesOf: (cluster: string) => readonly (DeletableResource & { readonly namespaced: boolean })[]
}

/** Backstop for what no watch tells, such as a type that was added meanwhile. */
const recheckMs = 5000

export function startNamespaceDeletionController(deps: NamespaceDeletionDeps): Loop {
  const { client, informers, log, signal } = deps
  const watcher = createRemainsWatcher({ changed: key => loop.add(key), log, signal })
  const end = async (key: string) => {
    const { cluster, name } = parseKey(key)
    const namespace = await getOrUndefined<Namespace>(client, namespaces, parseKey(key))
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec?.finalizers?.includes(kubernetesFinalizer)) {
      watcher.stop(key)
      return undefined
    }
    const local = clientFor(client, cluster)
    const scope = { client: local, namespace: name }
    const remains = await deleteContent(
      scope,
      deps.resourcesOf(cluster).filter(resource => resource.namespaced),
    )
    if (remains.length === 0) {
      watcher.stop(key)
      const finalizers = namespace.spec.finalizers.filter(finalizer => finalizer !== kubernetesFinalizer)
      const { resourceVersion: _, ...metadata } = namespace.metadata
      await local.update(namespaces, { ...namespace, metadata, spec: { finalizers } }, { subresource: 'finalize' })
      return undefined
    }
    watcher.watch(key, scope, remains)
    const conditions = remainingConditions(namespace, remains, deps.now())
    if (conditions !== namespace.status?.conditions) {
      await patchRead(client, namespaces, {
        object: namespace,
        body: { status: { conditions } },
        subresource: 'status',
      })
    }
    return { requeueAfterMs: recheckMs }
  }
  const loop = startLoop(deps, {
    name: 'namespace-deletion',
    reconcile: async key => {
      try {
        return await end(key)
      } catch (error) {
        if (isNotFound(error)) return undefined
        if (!isConflict(error)) throw error
        loop.add(key)
        return undefined
      }
    },
  })
  informers.keysOf(namespaces).onChange((key, after, _before, object) => {
    if (after !== undefined && object?.metadata.deletionTimestamp) loop.add(formatKey(key))
  })
  return loop
}
