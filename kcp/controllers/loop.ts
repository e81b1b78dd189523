// What all these controllers share: what they are given, how their loop is started, and writes that expect what was read.
import { clusterAnnotation, type GroupVersionResource, type KubeObject, type ObjectKey } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import type { ReconcileResult } from '../../api-client/controller/controller.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import type { Log } from '../../api-client/log.ts'
import type { SharedInformers } from './shared-informers.ts'

export interface LoopDeps {
  /** May do everything, in every logical cluster. */
  readonly client: Client
  readonly informers: SharedInformers
  readonly log: Log
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  /** Told of every loop when it starts: before the store is closed, its owner waits for all of them. */
  readonly own?: (loop: Promise<void>) => unknown
}

export interface Loop {
  add(key: string): void
  addAfter(key: string, delayMs: number): void
  /** Nothing to do now; keys that are due later do not count. */
  readonly isIdle: boolean
  /** Resolves when the signal has fired and the workers have ended. */
  readonly done: Promise<void>
}

export interface LoopOptions {
  readonly name: string
  readonly workers?: number
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined> | Promise<void>
}

const workersDefault = 8

export function startLoop(deps: Omit<LoopDeps, 'informers' | 'client'>, options: LoopOptions): Loop {
  const queue = createWorkQueue({ clock: deps.clock, random: deps.random })
  let active = 0
  const done = runController({
    name: options.name,
    queue,
    async reconcile(key, signal) {
      active++
      try {
        return (await options.reconcile(key, signal)) ?? undefined
      } finally {
        active--
      }
    },
    log: deps.log,
    signal: deps.signal,
    workers: options.workers ?? workersDefault,
  })
  deps.own?.(done)
  return {
    add: queue.add,
    addAfter: queue.addAfter,
    get isIdle() {
      return active === 0 && queue.length === 0
    },
    done,
  }
}

/** What is known once something has been listed; rejects when the server stops before. */
export async function known<T>(knowledge: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([knowledge, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The client for the cluster of a key; a plain Kubernetes server has none. */
export function clientFor(client: Client, cluster: string): Client {
  return cluster === '' ? client : client.cluster(cluster)
}

export function clusterOf(object: KubeObject): string {
  return object.metadata.annotations?.[clusterAnnotation] ?? ''
}

export async function getOrUndefined<T extends KubeObject = KubeObject>(
  client: Client,
  gvr: GroupVersionResource,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    const target = key.namespace === '' ? { name: key.name } : { namespace: key.namespace, name: key.name }
    return await clientFor(client, key.cluster).get<T>(gvr, target)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** A merge patch of an object as it was read: refused when it has changed or is another one by now. */
export function patchRead<T extends KubeObject>(
  client: Client,
  gvr: GroupVersionResource,
  write: { object: T; body: Record<string, unknown>; subresource?: 'status' },
): Promise<T> {
  const { object, body, subresource } = write
  const { name, namespace, uid, resourceVersion } = object.metadata
  const metadata = { ...(body.metadata as object | undefined), uid, resourceVersion }
  const target = { name, ...(namespace ? { namespace } : {}), ...(subresource ? { subresource } : {}) }
  return clientFor(client, clusterOf(object)).patch<T>(gvr, target, { type: 'merge', body: { ...body, metadata } })
}
