// Where a pod goes: to a node whose labels its nodeSelector matches. Pure; the simulation knows no resources or taints.
import type { KubeObject } from '../../../api/objects.ts'
import type { Pod, PodCondition } from '../../workloads.ts'

export type Decision =
  | { type: 'nothing' }
  | { type: 'bind'; node: string }
  | { type: 'unschedulable'; condition: PodCondition }

export function decide(pod: Pod, nodes: readonly KubeObject[], now: Date): Decision {
  if (pod.spec.nodeName || pod.metadata.deletionTimestamp) return { type: 'nothing' }
  const wanted = Object.entries(pod.spec.nodeSelector ?? {})
  const usable = nodes.filter(node => !(node.spec as { unschedulable?: boolean } | undefined)?.unschedulable)
  const node = usable.find(n => wanted.every(([key, value]) => n.metadata.labels?.[key] === value))
  if (node) return { type: 'bind', node: node.metadata.name }
  const reason = usable.length < nodes.length ? 'were unschedulable' : "didn't match Pod's node affinity/selector"
  const message = `0/${nodes.length} nodes are available: ${nodes.length} node(s) ${reason}.`
  const old = pod.status?.conditions?.find(c => c.type === 'PodScheduled')
  if (old?.status === 'False' && old.message === message) return { type: 'nothing' }
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    type: 'unschedulable',
    condition: {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime: time,
    },
  }
}
