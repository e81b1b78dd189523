// What a Deployment wants next: which ReplicaSets to create, scale or delete, and its status. Pure.
// Rolling updates keep Kubernetes' two promises: at most replicas + maxSurge pods, at least replicas − maxUnavailable available.
import { copyJson, equalJson } from '../../../api/json.ts'
import { hash36 } from '../../../api/names/hash.ts'
import type { Deployment, DeploymentCondition, DeploymentStatus, PodTemplate, ReplicaSet } from '../../workloads.ts'

export const hashLabel = 'pod-template-hash'
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyLimitDefault = 10
const hashLength = 10

export type Action =
  | { type: 'create'; replicaSet: ReplicaSet }
  | { type: 'scale'; replicaSet: ReplicaSet; replicas: number }
  | { type: 'set-revision'; replicaSet: ReplicaSet; revision: number }
  | { type: 'delete'; replicaSet: ReplicaSet }

export interface Decision {
  actions: Action[]
  /** Undefined: nothing to write. */
  status: DeploymentStatus | undefined
  revision: number
}

export function decide(deployment: Deployment, owned: readonly ReplicaSet[], now: Date): Decision {
  const current = owned.find(replicaSet => sameTemplate(replicaSet.spec.template, deployment.spec.template))
  const old = owned.filter(replicaSet => replicaSet !== current)
  const revision = revisionOf(current, old)
  const actions = deployment.spec.paused ? [] : rollout(deployment, { current, old, revision })
  const status = statusOf(deployment, { current, owned, now })
  return { actions, status: equalJson(status, deployment.status ?? {}) ? undefined : status, revision }
}

interface Rollout {
  current: ReplicaSet | undefined
  old: readonly ReplicaSet[]
  revision: number
}

function rollout(deployment: Deployment, { current, old, revision }: Rollout): Action[] {
  const desired = deployment.spec.replicas ?? 1
  const actions: Action[] = []
  const recreate = deployment.spec.strategy?.type === 'Recreate'
  const { maxSurge, maxUnavailable } = bounds(deployment, desired)
  const total = sum([...old, ...(current ? [current] : [])], r => r.spec.replicas ?? 0)
  const oldRunning = sum(old, r => r.status?.replicas ?? 0)

  const currentReplicas = current?.spec.replicas ?? 0
  let next = currentReplicas
  if (recreate) next = oldRunning > 0 || old.some(r => (r.spec.replicas ?? 0) > 0) ? 0 : desired
  else if (currentReplicas > desired) next = desired
  else next = currentReplicas + Math.max(0, Math.min(desired - currentReplicas, desired + maxSurge - total))

  // Recreate makes the new set only when the old pods are gone; rolling makes it at once, with what the surge allows.
  if (!current && (!recreate || oldRunning === 0))
    actions.push({ type: 'create', replicaSet: newReplicaSet(deployment, next, revision) })
  else if (current && next !== currentReplicas) actions.push({ type: 'scale', replicaSet: current, replicas: next })
  if (current && current.metadata.annotations?.[revisionAnnotation] !== String(revision)) {
    actions.push({ type: 'set-revision', replicaSet: current, revision })
  }
  actions.push(
    ...(recreate ? old.flatMap(r => scaleTo(r, 0)) : scaleDownOld({ desired, maxUnavailable, current, old })),
  )
  return [...actions, ...cleanUp(deployment, old)]
}

interface ScaleDown {
  desired: number
  maxUnavailable: number
  current: ReplicaSet | undefined
  old: readonly ReplicaSet[]
}

function scaleDownOld({ desired, maxUnavailable, current, old }: ScaleDown): Action[] {
  const available = sum([...old, ...(current ? [current] : [])], r => r.status?.availableReplicas ?? 0)
  const unavailableOfNew = current ? (current.spec.replicas ?? 0) - (current.status?.availableReplicas ?? 0) : 0
  const total = sum([...old, ...(current ? [current] : [])], r => r.spec.replicas ?? 0)
  // Pods of the old sets that never became available cost nothing to remove.
  let spare = Math.max(
    available - (desired - maxUnavailable),
    total - (desired - maxUnavailable) - unavailableOfNew - available,
  )
  spare = Math.min(spare, total - (desired - maxUnavailable) - unavailableOfNew)
  const actions: Action[] = []
  for (const replicaSet of old.toSorted(byAvailability)) {
    const replicas = replicaSet.spec.replicas ?? 0
    const remove = Math.max(0, Math.min(replicas, spare))
    if (remove === 0) continue
    spare -= remove
    actions.push({ type: 'scale', replicaSet, replicas: replicas - remove })
  }
  return actions
}

const byAvailability = (a: ReplicaSet, b: ReplicaSet) =>
  (a.status?.availableReplicas ?? 0) - (b.status?.availableReplicas ?? 0)

function scaleTo(replicaSet: ReplicaSet, replicas: number): Action[] {
  return replicaSet.spec.replicas === replicas ? [] : [{ type: 'scale', replicaSet, replicas }]
}

function cleanUp(deployment: Deployment, old: readonly ReplicaSet[]): Action[] {
  const limit = deployment.spec.revisionHistoryLimit ?? historyLimitDefault
  const idle = old.filter(
    r => r.spec.replicas === 0 && (r.status?.replicas ?? 0) === 0 && !r.metadata.deletionTimestamp,
  )
  const surplus = Math.max(0, idle.length - limit)
  return idle
    .toSorted((a, b) => revisionNumber(a) - revisionNumber(b))
    .slice(0, surplus)
    .map(replicaSet => ({ type: 'delete', replicaSet }))
}

function revisionNumber(replicaSet: ReplicaSet | undefined): number {
  return Number(replicaSet?.metadata.annotations?.[revisionAnnotation] ?? 0)
}

function revisionOf(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): number {
  const newest = Math.max(0, ...old.map(revisionNumber))
  const own = revisionNumber(current)
  return own > newest ? own : newest + 1
}

function bounds(deployment: Deployment, desired: number): { maxSurge: number; maxUnavailable: number } {
  const rolling = deployment.spec.strategy?.rollingUpdate
  const maxSurge = amount(rolling?.maxSurge ?? '25%', desired, Math.ceil)
  const maxUnavailable = amount(rolling?.maxUnavailable ?? '25%', desired, Math.floor)
  // Both zero would never move.
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, desired) }
}

function amount(value: number | string, of: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value
  return value.endsWith('%') ? round((Number.parseInt(value, 10) / 100) * of) : Number.parseInt(value, 10)
}

/** Templates are compared without the label the controller adds. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return equalJson(withoutHash(a), withoutHash(b))
}

function withoutHash(template: PodTemplate): PodTemplate {
  const copy = copyJson(template)
  if (copy.metadata?.labels) delete copy.metadata.labels[hashLabel]
  return copy
}

function newReplicaSet(deployment: Deployment, replicas: number, revision: number): ReplicaSet {
  const hash = hash36(JSON.stringify(deployment.spec.template), hashLength)
  const template = copyJson(deployment.spec.template)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  template.metadata = { ...template.metadata, labels }
  const { name, namespace = '', uid = '' } = deployment.metadata
  const matchLabels = { ...deployment.spec.selector.matchLabels, [hashLabel]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        [revisionAnnotation]: String(revision),
        'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { replicas, selector: { ...deployment.spec.selector, matchLabels }, template },
  }
}

interface StatusInput {
  current: ReplicaSet | undefined
  owned: readonly ReplicaSet[]
  now: Date
}

function statusOf(deployment: Deployment, { current, owned, now }: StatusInput): DeploymentStatus {
  const desired = deployment.spec.replicas ?? 1
  const replicas = sum(owned, r => r.status?.replicas ?? 0)
  const availableReplicas = sum(owned, r => r.status?.availableReplicas ?? 0)
  const updatedReplicas = current?.status?.replicas ?? 0
  const complete = updatedReplicas === desired && replicas === desired && availableReplicas === desired
  const counts = {
    replicas,
    updatedReplicas,
    readyReplicas: sum(owned, r => r.status?.readyReplicas ?? 0),
    availableReplicas,
    unavailableReplicas: Math.max(0, sum(owned, r => r.spec.replicas ?? 0) - availableReplicas),
  }
  // Zero is left out, as Go's omitempty does.
  const nonZero = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
  const before = deployment.status?.conditions ?? []
  const { maxUnavailable } = bounds(deployment, desired)
  const name = current?.metadata.name ?? ''
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...nonZero,
    conditions: [
      availableReplicas >= desired - maxUnavailable
        ? condition(before, now, [
            'Available',
            'True',
            'MinimumReplicasAvailable',
            'Deployment has minimum availability.',
          ])
        : condition(before, now, [
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ]),
      complete
        ? condition(before, now, [
            'Progressing',
            'True',
            'NewReplicaSetAvailable',
            `ReplicaSet "${name}" has successfully progressed.`,
          ])
        : condition(before, now, ['Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`]),
    ],
  }
}

type ConditionWords = [type: string, status: 'True' | 'False', reason: string, message: string]

function condition(before: readonly DeploymentCondition[], now: Date, words: ConditionWords): DeploymentCondition {
  const [type, status, reason, message] = words
  const old = before.find(c => c.type === type)
  if (old && old.status === status && old.reason === reason && old.message === message) return old
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    type,
    status,
    reason,
    message,
    lastUpdateTime: time,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : time,
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
