// One synced object: observe, decide, perform.
import { formatKey, type ObjectKey } from '../../api/objects.ts'
import type { ReconcileResult } from '../../api-client/controller/controller.ts'
import type { UpstreamRecord } from '../synced-object.ts'
import { decideSpec } from './decide.ts'
import type { SpecDependencies, Work } from './dependencies.ts'
import { apply, compare, deleteDownstream } from './downstream-writes.ts'
import { parseSpecKey } from './spec-key.ts'
import { own, release } from './upstream-writes.ts'

/** How long to wait with everything while nothing may be written. */
const closedMs = 5000
/** How long to wait for a cache that is not complete yet. */
const unsyncedMs = 200

export function createSpecReconcile(deps: SpecDependencies) {
  return async function reconcile(text: string): Promise<ReconcileResult | undefined> {
    const { kindId, key } = parseSpecKey(text)
    const kind = deps.kindOf(kindId)
    if (!kind) return undefined
    if (!deps.mayWrite()) return { requeueAfterMs: closedMs }
    // Absence in a cache means something only after a complete list.
    if (!kind.upstream.hasSynced || !kind.downstream.hasSynced) return { requeueAfterMs: unsyncedMs }
    await perform(deps, { kind, key, keyText: formatKey(key) })
    return undefined
  }
}

async function perform(deps: SpecDependencies, work: Work): Promise<void> {
  const { kind, keyText } = work
  const upstream = kind.upstream.get(keyText)
  const at = downstreamKey(deps, work, upstream)
  const downstream = at ? kind.downstream.get(formatKey(at)) : undefined
  const applied = kind.applied.get(keyText)
  if (!upstream) kind.applied.delete(keyText)
  const decision = decideSpec({ upstream, downstream, applied })
  switch (decision.type) {
    case 'nothing':
      return
    case 'own':
      await own(deps, work)
      // What is known may be newer than what was written: then the next event, or the next attempt, decides.
      if (!kind.upstream.get(keyText)?.isOwned) throw new Error(`${kind.kind} ${keyText} is not known to be owned yet`)
      return perform(deps, work)
    case 'apply':
      return apply(deps, work)
    case 'compare':
      return at ? compare(deps, work, at) : undefined
    case 'delete':
      return at ? deleteDownstream(deps, work, { at, uid: decision.uid }) : undefined
    case 'delete-if-gone-upstream':
      // A view that only left our cache comes back with an event; without proof nothing is deleted.
      if (!at || (await kind.upstream.fetch(work.key))) return
      return deleteDownstream(deps, work, { at, uid: decision.uid })
    case 'release':
      return release(deps, work, at)
  }
}

/** Where the object is or would be downstream; undefined while it has no namespace there. */
function downstreamKey(
  deps: SpecDependencies,
  work: Work,
  upstream: UpstreamRecord | undefined,
): ObjectKey | undefined {
  const { kind, key } = work
  const namespace = kind.namespaced ? deps.findNamespace(key.cluster, key.namespace) : ''
  if (namespace === undefined) return undefined
  const name = upstream?.downstreamName ?? deps.downstreamNameOfGone(kind, key, namespace)
  return { cluster: '', namespace, name }
}
