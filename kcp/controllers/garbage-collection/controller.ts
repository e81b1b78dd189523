// Garbage collection: objects follow their owners, in the background, in the foreground, or are orphaned. Works on any
// server. Leaves out: owners whose API is not served; nothing is deleted because of what cannot be seen.
import type { KubeObject, OwnerReference } from '../../../api/objects.ts'
import { parseApiVersion } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { errorText } from '../../../api-client/log.ts'
import type { ResourceType } from '../../registry/resource.ts'
import type { Store } from '../../storage/store.ts'
import { clientFor, type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { decide, deletionMode, foregroundFinalizer, type OwnerState, orphanFinalizer } from './decide.ts'
import { createOwnerGraph, type OwnerGraph } from './graph.ts'
import { followOwners } from './observe-store.ts'

export interface GarbageCollectionDeps extends Omit<LoopDeps, 'informers'> {
  readonly store: Store
  /** What the logical cluster serves; '' on a plain Kubernetes server. */
  readonly typesOf: (cluster: string) => readonly ResourceType[]
  /** Reading every object of the store waits for this: at a start others need the time more. */
  readonly after?: Promise<unknown>
}

/** One object and where it is served. */
interface Located {
  readonly client: Client
  readonly type: ResourceType
  readonly object: KubeObject
}

export function startGarbageCollectionController(deps: GarbageCollectionDeps): Loop {
  const graph = createOwnerGraph()
  const loop = startLoop(deps, {
    name: 'garbage-collection',
    reconcile: async key => {
      try {
        await reconcile(deps, graph, key)
      } catch (error) {
        if (isNotFound(error)) return
        if (!isConflict(error)) throw error
        loop.add(key)
      }
    },
  })
  const onFailure = (error: unknown) =>
    deps.log.warn({ error: errorText(error) }, 'owners are read again after a failure')
  const { store, signal } = deps
  const follow = () => void followOwners({ store, graph, signal, onFailure, wake: loop.add })
  if (deps.after) void deps.after.then(follow)
  else follow()
  return loop
}

async function reconcile(deps: GarbageCollectionDeps, graph: OwnerGraph, key: string): Promise<void> {
  const [cluster = '', namespace = '', name = '', kind = '', apiVersion = ''] = key.split('|')
  const located = await find(deps, { cluster, namespace, name, kind, apiVersion })
  if (typeof located === 'string') return
  const mode = deletionMode(located.object)
  if (mode === 'orphan') return orphanDependents(deps, graph, located)
  if (mode === 'foreground') return awaitDependents(deps, graph, located)
  await follow(deps, graph, { located, cluster })
}

interface Address {
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly kind: string
  readonly apiVersion: string
}

async function find(
  { client, typesOf }: GarbageCollectionDeps,
  address: Address,
): Promise<Located | 'absent' | 'unknown'> {
  const { cluster, namespace, name, kind, apiVersion } = address
  const { group, version } = parseApiVersion(apiVersion)
  const types = typesOf(cluster).filter(
    type => type.group === group && type.kind === kind && type.verbs.includes('get'),
  )
  const type = types.find(candidate => candidate.version === version) ?? types[0]
  if (type === undefined) return 'unknown'
  const local = clientFor(client, cluster)
  // A cluster-wide dependent cannot name the namespace of its owner: nobody knows which is meant.
  if (type.namespaced && namespace === '') return 'unknown'
  const target = { name, ...(type.namespaced ? { namespace } : {}) }
  try {
    return { client: local, type, object: await local.get(type, target) }
  } catch (error) {
    if (isNotFound(error)) return 'absent'
    throw error
  }
}

async function follow(
  deps: GarbageCollectionDeps,
  graph: OwnerGraph,
  dependent: { located: Located; cluster: string },
) {
  const { client, type, object } = dependent.located
  const { name, namespace = '', uid = '', resourceVersion = '' } = object.metadata
  const owners: OwnerState[] = []
  for (const reference of object.metadata.ownerReferences ?? []) {
    owners.push(await stateOf(deps, reference, { cluster: dependent.cluster, namespace }))
  }
  const action = decide({ object, owners, hasDependents: graph.dependentsOf(uid).length > 0 })
  const target = { name, ...(namespace ? { namespace } : {}) }
  if (action.type === 'drop-references') {
    const metadata = { uid, resourceVersion, ownerReferences: action.keep }
    await client.patch(type, target, { type: 'merge', body: { metadata } })
  }
  if (action.type === 'delete') {
    await client.delete(type, target, { uid, resourceVersion, propagationPolicy: action.policy })
  }
}

async function stateOf(
  deps: GarbageCollectionDeps,
  reference: OwnerReference,
  place: { cluster: string; namespace: string },
): Promise<OwnerState> {
  const { name, kind, apiVersion, uid } = reference
  const located = await find(deps, { ...place, name, kind, apiVersion })
  if (typeof located === 'string') return located
  if (located.object.metadata.uid !== uid) return 'absent'
  return deletionMode(located.object) === 'foreground' ? 'waits-for-dependents' : 'exists'
}

/** The owner goes and its dependents stay: their references to it are dropped first. */
async function orphanDependents(deps: GarbageCollectionDeps, graph: OwnerGraph, owner: Located): Promise<void> {
  const { uid = '' } = owner.object.metadata
  for (const key of graph.dependentsOf(uid)) {
    const [cluster = '', namespace = '', name = '', kind = '', apiVersion = ''] = key.split('|')
    const located = await find(deps, { cluster, namespace, name, kind, apiVersion })
    if (typeof located === 'string') continue
    const { metadata } = located.object
    const ownerReferences = metadata.ownerReferences?.filter(reference => reference.uid !== uid) ?? []
    const body = { metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion, ownerReferences } }
    const target = { name, ...(located.type.namespaced ? { namespace } : {}) }
    await located.client.patch(located.type, target, { type: 'merge', body })
  }
  await removeFinalizer(owner, orphanFinalizer)
}

/** The owner goes last: dependents are deleted, and those that block are waited for. */
async function awaitDependents(deps: GarbageCollectionDeps, graph: OwnerGraph, owner: Located): Promise<void> {
  const { uid = '' } = owner.object.metadata
  for (const key of graph.dependentsOf(uid)) {
    const [cluster = '', namespace = '', name = '', kind = '', apiVersion = ''] = key.split('|')
    const located = await find(deps, { cluster, namespace, name, kind, apiVersion })
    if (typeof located === 'string') graph.remove(key)
    else await follow(deps, graph, { located, cluster })
  }
  // Those who wait for each other would wait for ever.
  if (graph.blockersOf(uid).length === 0 || graph.isWaitingForItself(uid))
    await removeFinalizer(owner, foregroundFinalizer)
}

async function removeFinalizer({ client, type, object }: Located, finalizer: string): Promise<void> {
  const { name, namespace, uid, resourceVersion, finalizers = [] } = object.metadata
  const metadata = { uid, resourceVersion, finalizers: finalizers.filter(other => other !== finalizer) }
  await client.patch(type, { name, ...(namespace ? { namespace } : {}) }, { type: 'merge', body: { metadata } })
}
