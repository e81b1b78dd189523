// Binds pods to nodes, or says why it cannot.
import { formatKey } from '../../../api/objects.ts'
import { type Loop, type LoopDeps, startLoop } from '../../../kcp/controllers/loop.ts'
import type { ClusterCache } from '../../cluster-cache.ts'
import { pods } from '../../workloads.ts'
import { decide } from './decide.ts'

const noNode = ''

export function startScheduler(deps: LoopDeps, cache: ClusterCache): Loop {
  const loop = startLoop(deps, { name: 'scheduler', reconcile })
  cache.pods.onChange((key, after) => {
    if (after && !after.spec.nodeName) loop.add(formatKey(key))
  })
  // A node that appears or changes may fit a pod that waits.
  cache.nodes.onChange(() => {
    for (const pod of cache.pods.byIndex('node', noNode))
      loop.add(formatKey({ cluster: '', namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }))
  })
  return loop

  async function reconcile(key: string): Promise<void> {
    const pod = cache.pods.get(key)
    if (!pod) return
    const decision = decide(
      pod,
      [...cache.nodes.entries()].map(([, node]) => node),
      new Date(deps.clock.now()),
    )
    const { name, namespace = '', uid = '' } = pod.metadata
    if (decision.type === 'bind') {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: decision.node },
      }
      await deps.client.create(pods, binding, { name, subresource: 'binding' })
    } else if (decision.type === 'unschedulable') {
      const conditions = [...(pod.status?.conditions ?? []).filter(c => c.type !== 'PodScheduled'), decision.condition]
      await deps.client.update(
        pods,
        { ...pod, status: { ...pod.status, phase: 'Pending', conditions } },
        { subresource: 'status' },
      )
    }
  }
}
