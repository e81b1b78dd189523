// What Kubernetes' own admission says of every new pod's place: a priority, and five minutes on a node that went silent.
import type { AdmissionRequest } from '../../kcp/registry/resource.ts'

interface Toleration {
  key?: string
  operator?: string
  effect?: string
  tolerationSeconds?: number
}

interface ScheduledSpec {
  priorityClassName?: string
  priority?: number
  preemptionPolicy?: string
  tolerations?: Toleration[]
}

const tolerationSeconds = 300
const silentNodes = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** Classes of priority are not looked up: nothing is preempted here. */
export function admitPodScheduling({ operation, subresource, object }: AdmissionRequest): void {
  if (operation !== 'CREATE' || subresource !== '' || !object) return
  const spec = object.spec as ScheduledSpec
  if (!spec.priorityClassName) {
    spec.priority ??= 0
    spec.preemptionPolicy ??= 'PreemptLowerPriority'
  }
  const missing = silentNodes.filter(key => !spec.tolerations?.some(toleration => tolerates(toleration, key)))
  if (missing.length === 0) return
  const added = missing.map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }))
  spec.tolerations = [...(spec.tolerations ?? []), ...added]
}

function tolerates({ key = '', effect = '' }: Toleration, taint: string): boolean {
  return (key === '' || key === taint) && (effect === '' || effect === 'NoExecute')
}
