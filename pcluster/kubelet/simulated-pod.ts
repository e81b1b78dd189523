// A pod that only looks as if it ran: it is Running after the start delay, and its log says what it is.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../api-client/clock.ts'
import type { Pod } from '../workloads.ts'
import type { ContainerState } from './decide.ts'

export interface Synced {
  containers: Map<string, ContainerState>
  /** Look again after this time. */
  wakeInMs?: number | undefined
}

/** One pod on the node, simulated or a process. */
export interface RunningPod {
  readonly uid: string
  readonly directory: string
  sync(pod: Pod, now: Date): Promise<Synced>
  logFile(container: string): string | undefined
  stop(): Promise<void>
}

export interface PodOptions {
  pod: Pod
  directory: string
  options: { startDelayMs: number; failImage: RegExp | undefined }
  clock: Clock
}

export function createSimulatedPod({ pod, directory, options, clock }: PodOptions): RunningPod {
  const boundAtMs = clock.now()
  const startedAt = new Date(boundAtMs + options.startDelayMs)
  const logged = new Set<string>()
  const logFile = (container: string) => join(directory, `${container}.log`)
  return {
    uid: pod.metadata.uid ?? '',
    directory,
    async sync(current, now) {
      const containers = new Map<string, ContainerState>()
      const due = now >= startedAt
      for (const { name, image = '' } of current.spec.containers) {
        if (options.failImage?.test(image)) containers.set(name, { type: 'image-failed' })
        else if (!due) containers.set(name, { type: 'creating', reason: 'ContainerCreating' })
        else containers.set(name, { type: 'running', startedAt, restarts: 0 })
      }
      return { containers, wakeInMs: due ? undefined : startedAt.getTime() - now.getTime() }
    },
    logFile(container) {
      const image = pod.spec.containers.find(c => c.name === container)?.image ?? ''
      // Written when somebody asks: most simulated pods are never asked.
      if (!logged.has(container)) {
        logged.add(container)
        mkdirSync(directory, { recursive: true, mode: 0o700 })
        writeFileSync(logFile(container), simulatedLog(pod, image, startedAt), { mode: 0o600 })
      }
      return logFile(container)
    },
    async stop() {},
  }
}

function simulatedLog(pod: Pod, image: string, startedAt: Date): string {
  const time = startedAt.toISOString()
  return [
    `${time} This pod is simulated: the physical cluster is pcluster, which runs no containers.`,
    `${time} Image ${image} was not pulled; pod ${pod.metadata.namespace}/${pod.metadata.name} is marked Running by a simulated kubelet.`,
    `${time} On a real cluster the output of the container would be here.`,
    '',
  ].join('\n')
}
