// The simulated kubelet: pods of its node become Running after a delay. Pods of known images run as processes of this machine.
// It promises honest statuses of what it does and nothing else: no containers, no network, no probes.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatKey, keyOf } from '../../api/objects.ts'
import { isConflict, isNotFound } from '../../api/status-error.ts'
import { type Loop, type LoopDeps, startLoop } from '../../kcp/controllers/loop.ts'
import type { ClusterCache } from '../cluster-cache.ts'
import { type LocalImage, programOf } from '../programs.ts'
import { type Pod, pods } from '../workloads.ts'
import { decideStatus } from './decide.ts'
import { hostIP } from './node.ts'
import { createPodRunner, type PodRunner } from './pod-runner.ts'
import { createPodSources } from './pod-sources.ts'
import { createSimulatedPod, type RunningPod } from './simulated-pod.ts'

export interface KubeletOptions {
  nodeName: string
  /** Folder of this cluster; pods get folders below it. */
  directory: string
  /** Time from being bound to being Running. */
  startDelayMs: number
  /** Images whose pull fails, as a pattern on the image name. */
  failImage: RegExp | undefined
  localImages: readonly LocalImage[]
  apiServer: { host: string; port: number }
}

export interface Kubelet {
  readonly loop: Loop
  /** File with the output of a container; undefined when it has not run here. */
  logFile(pod: Pod, container: string): string | undefined
  /** Stops all processes of pods. */
  stop(): Promise<void>
}

export function startKubelet(deps: LoopDeps, cache: ClusterCache, options: KubeletOptions): Kubelet {
  const running = new Map<string, RunningPod>()
  const addresses = createAddresses()
  const loop = startLoop(deps, { name: 'kubelet', reconcile })
  cache.pods.onChange((key, after, before) => {
    const pod = after ?? before
    if (pod?.spec.nodeName === options.nodeName) loop.add(formatKey(key))
  })

  async function reconcile(key: string): Promise<void> {
    const pod = cache.pods.get(key)
    const known = running.get(key)
    const uid = pod?.metadata.uid ?? ''
    if (known && (known.uid !== uid || pod?.metadata.deletionTimestamp)) await end(key, known)
    if (!pod || pod.spec.nodeName !== options.nodeName) return
    if (pod.metadata.deletionTimestamp) return remove(deps, pod)
    const runner = running.get(key) ?? start(key, pod)
    running.set(key, runner)
    const now = new Date(deps.clock.now())
    const { containers, wakeInMs } = await runner.sync(pod, now)
    if (wakeInMs !== undefined) loop.addAfter(key, wakeInMs)
    const status = decideStatus({ pod, containers, podIP: addresses.of(uid), hostIP, now })
    if (status) await writeStatus(deps, { ...pod, status })
  }

  function start(key: string, pod: Pod): RunningPod {
    const program = programOf(pod.spec.containers[0]?.image ?? '', options.localImages)
    const directory = join(options.directory, 'pods', pod.metadata.uid ?? '')
    const base = { pod, directory, options, clock: deps.clock }
    if (program === undefined) return createSimulatedPod(base)
    const sources = createPodSources(deps.client, pod)
    const runner: PodRunner = createPodRunner({
      ...base,
      program,
      sources,
      log: deps.log,
      changed: () => loop.add(key),
    })
    return runner
  }

  async function end(key: string, runner: RunningPod): Promise<void> {
    running.delete(key)
    addresses.free(runner.uid)
    await runner.stop()
    await rm(runner.directory, { recursive: true, force: true })
  }

  return {
    loop,
    logFile: (pod, container) => running.get(formatKey(keyOf(pod)))?.logFile(container),
    async stop() {
      await Promise.all([...running.values()].map(runner => runner.stop()))
    },
  }
}

/** A pod that is asked to go: nothing runs any more, so the object may go too. */
async function remove({ client }: LoopDeps, pod: Pod): Promise<void> {
  if (pod.metadata.finalizers?.length) return
  const { name, namespace = '', uid = '' } = pod.metadata
  try {
    await client.delete(pods, { name, namespace }, { uid })
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error
  }
}

async function writeStatus({ client }: LoopDeps, pod: Pod): Promise<void> {
  try {
    await client.update(pods, pod, { subresource: 'status' })
  } catch (error) {
    // It went away or changed: the event of that wakes the key again.
    if (!isNotFound(error) && !isConflict(error)) throw error
  }
}

/** One address per pod out of 10.244.0.0/16; nothing routes them. */
function createAddresses() {
  const taken = new Map<string, number>()
  const used = new Set<number>()
  let next = 1
  return {
    of(uid: string): string {
      let number = taken.get(uid)
      if (number === undefined) {
        while (used.has(next)) next = (next % 65_000) + 1
        number = next
        used.add(number)
        taken.set(uid, number)
      }
      return `10.244.${number >> 8}.${number & 255}`
    },
    free(uid: string): void {
      const number = taken.get(uid)
      taken.delete(uid)
      if (number !== undefined) used.delete(number)
    },
  }
}
