// What is written downstream: applies, and deletions by uid. Namespace and collision checks come before every write.
import { isJsonObject } from '../../api/json.ts'
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import { fieldManager } from '../identity.ts'
import type { Applied } from '../synced-object.ts'
import { isInSync } from './compare.ts'
import { isGone, type SpecDependencies, type Work } from './dependencies.ts'
import { formatSpecKey } from './spec-key.ts'

async function viewOf({ kind, key, keyText }: Work): Promise<KubeObject> {
  const view = await kind.upstream.body(key)
  if (!view) throw new Error(`${kind.kind} ${keyText} is not in the syncer virtual workspace any more`)
  return view
}

async function desiredOf(deps: SpecDependencies, work: Work) {
  const { kind, key, keyText } = work
  const view = await viewOf(work)
  const record = kind.upstream.remember(view) ?? kind.upstream.get(keyText)
  if (!record) throw new Error(`${kind.kind} ${keyText} is not known`)
  const namespace = kind.namespaced ? await deps.ensureNamespace(key.cluster, key.namespace) : ''
  const at: ObjectKey = { cluster: '', namespace, name: record.downstreamName }
  return { at, record, desired: deps.transform(kind, view, key, at) }
}

export async function apply(deps: SpecDependencies, work: Work): Promise<void> {
  const { kind, keyText } = work
  const { at, record, desired } = await desiredOf(deps, work)
  if (!kind.namespaced) await checkCollision(deps, work, at)
  const patch = { type: 'apply', body: desired, force: true } as const
  const actual = await deps.downstreamClient.patch(kind.gvr, targetOf(at), patch, { fieldManager })
  const known = kind.downstream.remember(actual)
  // By the time of the answer the watch may have shown a later change, which is no work of ours.
  const isOurs = known?.resourceVersion === actual.metadata.resourceVersion
  const contentHash = known && isOurs ? known.contentHash : deps.contentHash(actual)
  settle(deps, work, { specHash: record.specHash, contentHash })
  const fields = { gvr: kind.id, key: keyText, 'downstream.namespace': at.namespace, 'downstream.name': at.name }
  deps.log.debug(fields, 'Upserted upstream resource to downstream')
}

/** Applies only when downstream differs from what an apply would make of it. */
export async function compare(deps: SpecDependencies, work: Work, at: ObjectKey): Promise<void> {
  const { kind } = work
  const actual = await kind.downstream.body(at)
  const { record, desired } = await desiredOf(deps, work)
  if (actual && isJsonObject(desired) && isJsonObject(actual) && isInSync(desired, actual, deps.compared(actual))) {
    settle(deps, work, { specHash: record.specHash, contentHash: deps.contentHash(actual) })
    return
  }
  await apply(deps, work)
}

function settle(deps: SpecDependencies, { kind, key, keyText }: Work, applied: Applied): void {
  kind.applied.set(keyText, applied)
  deps.settled(formatSpecKey({ kindId: kind.id, key }))
}

async function checkCollision(deps: SpecDependencies, { kind, key }: Work, at: ObjectKey): Promise<void> {
  const actual = await kind.downstream.body(at)
  const problem = actual ? deps.collisionOf(kind, actual, key) : undefined
  if (problem) throw new Error(problem)
}

export async function deleteDownstream(
  deps: SpecDependencies,
  { kind, keyText, key }: Work,
  what: { at: ObjectKey; uid: string },
): Promise<void> {
  const { at, uid } = what
  if (!kind.namespaced) await checkCollision(deps, { kind, keyText, key }, at)
  try {
    await deps.downstreamClient.delete(kind.gvr, targetOf(at), { uid })
  } catch (error) {
    if (!isGone(error, at.name)) throw error
  }
  kind.applied.delete(keyText)
  const fields = { gvr: kind.id, key: keyText, 'downstream.namespace': at.namespace, 'downstream.name': at.name }
  deps.log.info(fields, 'Deleted upstream resource from downstream')
  if (at.namespace !== '') deps.emptied(at.namespace)
}

function targetOf(at: ObjectKey): { name: string; namespace?: string } {
  return at.namespace === '' ? { name: at.name } : { name: at.name, namespace: at.namespace }
}
