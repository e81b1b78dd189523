// Labels namespaces with the SyncTargets of the Placements that select them.
// Leaves out: the objects in them (resource-scheduler/).
import { equalJson } from '../../../api/json.ts'
import { formatKey, type KubeObject, keyOf, parseKey } from '../../../api/objects.ts'
import { forEachPage } from '../../../api-client/resources/list-all.ts'
import { getOrUndefined, type Loop, patchRead } from '../loop.ts'
import { namespaces } from '../resources.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { decide } from './decide.ts'
import { isSchedulable, type Namespace } from './namespace.ts'

export function startNamespaceScheduler(deps: SchedulingDeps): Loop {
  const { client, scheduling } = deps
  const decideFor = (namespace: Namespace, cluster: string) =>
    decide({ namespace, placements: scheduling.placements.byIndex('cluster', cluster), now: deps.now() })
  /** Namespaces that need a write, as they were seen. */
  const seen = new Map<string, Namespace>()
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-namespace-scheduler',
    reconcile: async text => {
      const key = parseKey(text)
      if (key.name === everyNamespace) return addAll(deps, loop, key.cluster)
      const namespace = seen.get(text) ?? (await getOrUndefined<Namespace>(client, namespaces, key))
      seen.delete(text)
      if (namespace === undefined) return undefined
      const { metadata, status, requeueAfterMs } = decideFor(namespace, key.cluster)
      const latest = metadata
        ? await patchRead(client, namespaces, { object: namespace, body: { metadata } })
        : namespace
      if (status) await patchRead(client, namespaces, { object: latest, body: { status }, subresource: 'status' })
      return requeueAfterMs === undefined ? undefined : { requeueAfterMs }
    },
  })
  const visit = (object: KubeObject) => {
    if (!isSchedulable(object.metadata.name)) return
    const key = keyOf(object)
    const { metadata, status, requeueAfterMs } = decideFor(object as Namespace, key.cluster)
    if (metadata || status) {
      seen.set(formatKey(key), object as Namespace)
      loop.add(formatKey(key))
    } else if (requeueAfterMs !== undefined) loop.addAfter(formatKey(key), requeueAfterMs)
  }
  // Before Placements are known this may wake too much, never too little: each of them wakes its namespaces again.
  deps.informers.keysOf(namespaces).onChange((key, after, _before, object) => {
    if (object && after) visit(object)
    else if (after) loop.add(formatKey(key))
  })
  scheduling.placements.onChange((key, after, before) => {
    if (!equalJson(after, before)) loop.add(formatKey({ ...key, name: everyNamespace }))
  })
  return loop
}

/** No namespace has this name: stands for all of a logical cluster. */
const everyNamespace = '*'

async function addAll({ client }: SchedulingDeps, loop: Loop, cluster: string): Promise<undefined> {
  await forEachPage(client.cluster(cluster), { gvr: namespaces }, page => {
    for (const { metadata } of page.items) {
      if (isSchedulable(metadata.name)) loop.add(formatKey({ cluster, namespace: '', name: metadata.name }))
    }
  })
}
