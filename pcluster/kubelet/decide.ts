// The status of a pod on the simulated node. Pure: what is known of its containers goes in, the status comes out.
import { equalJson } from '../../api/json.ts'
import type { Container, Pod, PodCondition } from '../workloads.ts'

/** What the node knows of one container. */
export type ContainerState =
  | { type: 'creating'; reason: string; message?: string }
  | { type: 'image-failed' }
  | { type: 'running'; startedAt: Date; restarts: number }
  | { type: 'crashed'; exitCode: number; finishedAt: Date; restarts: number }

export interface Observed {
  pod: Pod
  /** By container name. */
  containers: ReadonlyMap<string, ContainerState>
  podIP: string
  hostIP: string
  now: Date
}

/** The status to write; undefined when it is as it should be. */
export function decideStatus(observed: Observed): Record<string, unknown> | undefined {
  const { pod, containers, podIP, hostIP, now } = observed
  const states = pod.spec.containers.map(container => containers.get(container.name) ?? creating)
  const running = states.every(state => state.type === 'running')
  const started = states.some(state => state.type === 'running' || state.type === 'crashed')
  const unready = pod.spec.containers.filter((_, i) => states[i]?.type !== 'running').map(c => c.name)
  const before = pod.status?.conditions ?? []
  const readyWords = running
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
  const status = {
    phase: started ? 'Running' : 'Pending',
    conditions: [
      condition(before, { type: 'PodReadyToStartContainers', status: 'True' }, now),
      condition(before, { type: 'Initialized', status: 'True' }, now),
      condition(before, { type: 'Ready', status: running ? 'True' : 'False', ...readyWords }, now),
      condition(before, { type: 'ContainersReady', status: running ? 'True' : 'False', ...readyWords }, now),
      condition(before, { type: 'PodScheduled', status: 'True' }, now),
    ],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(started ? { podIP, podIPs: [{ ip: podIP }] } : {}),
    startTime: pod.status?.startTime ?? rfc3339(now),
    containerStatuses: pod.spec.containers.map((container, i) => containerStatus(container, states[i] ?? creating)),
    qosClass: 'BestEffort',
  }
  const merged = { ...pod.status, ...status }
  return equalJson(merged, pod.status) ? undefined : merged
}

const creating: ContainerState = { type: 'creating', reason: 'ContainerCreating' }

function containerStatus(container: Container, state: ContainerState) {
  const { name, image = '' } = container
  const restartCount = state.type === 'running' || state.type === 'crashed' ? state.restarts : 0
  const ready = state.type === 'running'
  return {
    name,
    image,
    imageID: ready ? `simulated://${image}` : '',
    ready,
    started: ready,
    restartCount,
    ...(ready ? { containerID: `simulated://${name}` } : {}),
    state: stateOf(state, image),
    lastState: state.type === 'crashed' ? { terminated: terminated(state) } : {},
  }
}

function stateOf(state: ContainerState, image: string) {
  switch (state.type) {
    case 'running':
      return { running: { startedAt: rfc3339(state.startedAt) } }
    case 'creating':
      return { waiting: { reason: state.reason, ...(state.message ? { message: state.message } : {}) } }
    case 'image-failed':
      return { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } }
    case 'crashed':
      return { waiting: { reason: 'CrashLoopBackOff', message: `back-off restarting failed container` } }
  }
}

function terminated(state: { exitCode: number; finishedAt: Date }) {
  return {
    exitCode: state.exitCode,
    reason: state.exitCode === 0 ? 'Completed' : 'Error',
    finishedAt: rfc3339(state.finishedAt),
  }
}

function condition(
  before: readonly PodCondition[],
  words: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: Date,
): PodCondition {
  const old = before.find(c => c.type === words.type)
  const lastTransitionTime =
    old?.status === words.status && old.lastTransitionTime ? old.lastTransitionTime : rfc3339(now)
  return { lastProbeTime: null, ...words, lastTransitionTime }
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
