// ReplicaSet → Pods. Counts what it has asked for until the events of it arrive, so that no pod is made twice.
import { formatKey, keyOf } from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import { type Loop, type LoopDeps, startLoop } from '../../../kcp/controllers/loop.ts'
import { byNamespace, byOwner, type ClusterCache, controllerKey } from '../../cluster-cache.ts'
import { isActive, pods, type ReplicaSet, replicaSets } from '../../workloads.ts'
import { adopt, adoptersOf, orphansFor } from '../adoption.ts'
import { decide, newPod } from './decide.ts'

/** Pods whose creation or deletion was acknowledged, but whose event has not come yet: name → when, per owner uid. */
interface Expected {
  created: Map<string, number>
  deleted: Map<string, number>
}

// An event that was overtaken (made and removed at once) never comes: then the wait ends.
const expectationMs = 5_000

export function startReplicaSetController(deps: LoopDeps, cache: ClusterCache): Loop {
  const expected = new Map<string, Expected>()
  const loop = startLoop(deps, { name: 'replica-set', reconcile })
  cache.replicaSets.onChange((key, after, before) => {
    if (!after && before) expected.delete(before.metadata.uid ?? '')
    loop.add(formatKey(key))
  })
  cache.pods.onChange((key, after, before) => {
    const pod = after ?? before
    const owner = pod && controllerKey(pod, 'ReplicaSet')
    if (after && owner === undefined) {
      const inNamespace = cache.replicaSets.byIndex(byNamespace, after.metadata.namespace ?? '')
      for (const adopter of adoptersOf(after, inNamespace)) loop.add(adopter)
    }
    if (!pod || owner === undefined) return
    const pending = expected.get(pod.metadata.ownerReferences?.find(o => o.controller)?.uid ?? '')
    pending?.created.delete(key.name)
    if (!after || after.metadata.deletionTimestamp) pending?.deleted.delete(key.name)
    loop.add(owner)
  })
  return loop

  async function reconcile(key: string): Promise<void> {
    const replicaSet = cache.replicaSets.get(key)
    if (!replicaSet) return
    const uid = replicaSet.metadata.uid ?? ''
    const orphans = orphansFor(replicaSet, cache.pods.byIndex(byOwner, '')).filter(isActive)
    for (const orphan of orphans) await adopt(deps.client, pods, { owner: replicaSet, orphan })
    // Their events wake this key.
    if (orphans.length > 0) return
    const pending = expected.get(uid) ?? { created: new Map<string, number>(), deleted: new Map<string, number>() }
    expected.set(uid, pending)
    const decision = decide(replicaSet, cache.pods.byIndex(byOwner, uid))
    forgetOvertaken(pending, deps.clock.now() - expectationMs)
    // Wait for the events of the last pass before the next: they wake this key.
    if (pending.created.size + pending.deleted.size > 0) loop.addAfter(key, expectationMs)
    else await scale(deps, cache, { ...decision, replicaSet, pending })
    if (decision.status)
      await deps.client.update(replicaSets, { ...replicaSet, status: decision.status }, { subresource: 'status' })
  }
}

function forgetOvertaken(pending: Expected, before: number): void {
  for (const names of [pending.created, pending.deleted]) {
    for (const [name, at] of names) if (at < before) names.delete(name)
  }
}

interface Scaling extends Pick<ReturnType<typeof decide>, 'create' | 'remove'> {
  replicaSet: ReplicaSet
  pending: Expected
}

async function scale({ client, clock }: LoopDeps, cache: ClusterCache, scaling: Scaling): Promise<void> {
  const { replicaSet, create, remove, pending } = scaling
  for (let i = 0; i < create; i++) {
    const made = await client.create(pods, newPod(replicaSet))
    // The event may be faster than the answer.
    if (!cache.pods.get(formatKey(keyOf(made)))) pending.created.set(made.metadata.name, clock.now())
  }
  for (const pod of remove) {
    const { name, namespace = '', uid = '' } = pod.metadata
    pending.deleted.set(name, clock.now())
    try {
      await client.delete(pods, { name, namespace }, { uid })
    } catch (error) {
      pending.deleted.delete(name)
      if (!isNotFound(error)) throw error
    }
  }
}
