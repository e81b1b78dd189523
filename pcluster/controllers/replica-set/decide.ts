// What a ReplicaSet wants next: how many pods to create, which to delete, and its status. Pure.
import { equalJson } from '../../../api/json.ts'
import { isActive, isReady, type Pod, type ReplicaSet, type ReplicaSetStatus } from '../../workloads.ts'

/** Pods created or deleted in one pass; the next pass follows with the events of these. */
export const burstMax = 500

export interface Decision {
  create: number
  remove: Pod[]
  /** Undefined: nothing to write. */
  status: ReplicaSetStatus | undefined
}

export function decide(replicaSet: ReplicaSet, pods: readonly Pod[]): Decision {
  const active = pods.filter(isActive)
  const desired = replicaSet.spec.replicas ?? 1
  const missing = desired - active.length
  const ready = active.filter(isReady).length
  const templateLabels = Object.entries(replicaSet.spec.template.metadata?.labels ?? {})
  const labeled = active.filter(pod =>
    templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value),
  ).length
  const counts = { fullyLabeledReplicas: labeled, readyReplicas: ready, availableReplicas: ready }
  const status: ReplicaSetStatus = {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    observedGeneration: replicaSet.metadata.generation ?? 0,
  }
  return {
    create: replicaSet.metadata.deletionTimestamp ? 0 : Math.min(burstMax, Math.max(0, missing)),
    remove: active.toSorted(leastUsefulFirst).slice(0, Math.min(burstMax, Math.max(0, -missing))),
    status: equalJson(status, replicaSet.status ?? {}) ? undefined : status,
  }
}

/** Unassigned before assigned, not ready before ready, young before old. */
function leastUsefulFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (pod.spec.nodeName ? 2 : 0) + (isReady(pod) ? 1 : 0)
  return rank(a) - rank(b) || (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '')
}

/** A pod of the template, named by the server. */
export function newPod(replicaSet: ReplicaSet): Pod {
  const { name, namespace = '', uid = '' } = replicaSet.metadata
  const { template } = replicaSet.spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: template.spec,
  }
}
