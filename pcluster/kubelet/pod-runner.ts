// A pod whose one container runs as a process: mounts filled, paths rewritten, restarted with back-off, tokens renewed.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { backoffMs } from '../../api-client/controller/backoff.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { type LocalProgram, programCommand } from '../programs.ts'
import type { Container, Pod } from '../workloads.ts'
import { type ContainerProcess, startProcess } from './container-process.ts'
import type { ContainerState } from './decide.ts'
import { environmentOf, MissingReference, mountsOf, rewritePaths } from './pod-environment.ts'
import type { PodSources } from './pod-sources.ts'
import type { PodOptions, RunningPod, Synced } from './simulated-pod.ts'
import { fillVolumes } from './volumes.ts'

export type PodRunner = RunningPod

export interface PodRunnerOptions extends PodOptions {
  options: PodOptions['options'] & { apiServer: { host: string; port: number } }
  program: LocalProgram
  sources: PodSources
  log: Log
  /** Wakes the pod's key. */
  changed(): void
}

// As kubelets restart containers, only sooner: this is for laptops.
const restartBackoff = { firstMs: 500, maxMs: 30_000, jitter: 0 }
const missingRetryMs = 500

export function createPodRunner(runner: PodRunnerOptions): PodRunner {
  const { pod, directory, clock } = runner
  const container = pod.spec.containers[0] ?? { name: '' }
  const logPath = join(directory, `${container.name}.log`)
  const boundAtMs = clock.now()
  let state: ContainerState = { type: 'creating', reason: 'ContainerCreating' }
  let process: ContainerProcess | undefined
  let restartAtMs = 0
  let renewAt: Date | undefined
  let stopping = false

  const restarts = () => (state.type === 'running' || state.type === 'crashed' ? state.restarts : 0)

  async function launch(now: Date): Promise<void> {
    const count = state.type === 'crashed' ? state.restarts + 1 : 0
    const started = startProcess(await processOf(runner, container, logPath))
    process = started
    state = { type: 'running', startedAt: now, restarts: count }
    void started.ended.then(({ exitCode }) => {
      process = undefined
      if (stopping) return
      const at = clock.now()
      state = { type: 'crashed', exitCode, finishedAt: new Date(at), restarts: restarts() }
      restartAtMs = at + backoffMs(restarts() + 1, restartBackoff, 0)
      runner.log.info({ pod: pod.metadata.name, namespace: pod.metadata.namespace, exitCode }, 'a pod process ended')
      runner.changed()
    })
  }

  async function advance(current: Pod, now: Date): Promise<number | undefined> {
    const dueMs = boundAtMs + runner.options.startDelayMs
    if (now.getTime() < dueMs) return dueMs - now.getTime()
    if (runner.options.failImage?.test(container.image ?? '')) {
      state = { type: 'image-failed' }
      return undefined
    }
    if (!process || (renewAt && now >= renewAt)) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      renewAt = (await fillVolumes(current, join(directory, 'volumes'), { ...runner.sources, now: () => now })).renewAt
    }
    if (!process && now.getTime() >= restartAtMs) await launch(now)
    const waits = [process ? undefined : restartAtMs - now.getTime(), renewAt && renewAt.getTime() - now.getTime()]
    const known = waits.filter(wait => wait !== undefined)
    return known.length > 0 ? Math.max(0, Math.min(...known)) : undefined
  }

  return {
    uid: pod.metadata.uid ?? '',
    directory,
    logFile: name => (name === container.name ? logPath : undefined),
    async sync(current, now): Promise<Synced> {
      let wakeInMs: number | undefined
      try {
        wakeInMs = await advance(current, now)
      } catch (error) {
        // What it refers to may still come.
        if (!process) state = { type: 'creating', reason: 'CreateContainerConfigError', message: errorText(error) }
        if (!(error instanceof MissingReference))
          runner.log.warn({ pod: pod.metadata.name, error: errorText(error) }, 'a pod process could not be started')
        wakeInMs = missingRetryMs
      }
      return { containers: new Map([[container.name, state]]), wakeInMs }
    },
    async stop() {
      stopping = true
      await process?.stop()
    },
  }
}

async function processOf(runner: PodRunnerOptions, container: Container, logFile: string) {
  const { pod, directory, program, sources, options } = runner
  const mounts = mountsOf(container, volume => join(directory, 'volumes', volume))
  const data = await sources.environmentData(container)
  const env = environmentOf(pod, container, { ...data, apiServer: options.apiServer, mounts })
  const args = (container.args ?? []).map(arg => rewritePaths(arg, mounts))
  // The command of the image is not on this machine: our program of the same purpose runs instead.
  return { command: [...programCommand(program), ...args], env, cwd: directory, logFile }
}
