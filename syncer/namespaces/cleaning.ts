// Deletes downstream namespaces that hold nothing of ours any more, some time after the last object went.
import type { NamespaceLocator } from '../../api/names/namespace-locator.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import type { Log } from '../../api-client/log.ts'
import { namespacesGvr } from '../identity.ts'
import { decideCleaning, type NamespaceRecord } from './decide.ts'

export interface CleaningOptions {
  readonly client: Client
  readonly delayMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  /** False while nothing downstream may be changed. */
  mayWrite(): boolean
  get(name: string): NamespaceRecord | undefined
  locate(name: string): NamespaceLocator | undefined
  /** Undefined while it is not known. */
  isUpstreamNamespaceThere(locator: NamespaceLocator): boolean | undefined
  /** In the caches; undefined while one of them is not complete. */
  countSyncedObjects(name: string): number | undefined
  /** Asks the physical cluster for every resource that may have been synced. Throws when one cannot be read. */
  content(name: string, signal: AbortSignal): Promise<NamespaceContent>
}

/** `foreign`: objects that neither we nor the cluster itself made. */
export type NamespaceContent = 'nothing' | 'ours' | 'foreign'

/** How long to leave alone a namespace that someone else uses, too. */
const foreignMs = 600_000

export interface Cleaning {
  plan(name: string): void
  run(signal: AbortSignal): Promise<void>
}

export function createCleaning(options: CleaningOptions): Cleaning {
  const { clock, random, delayMs, log } = options
  const queue = createWorkQueue({ clock, random })
  return {
    plan: name => queue.addAfter(name, delayMs),
    run: signal => runController({ name: 'namespace-cleaning', queue, reconcile, log, signal }),
  }

  async function reconcile(name: string, signal: AbortSignal) {
    const again = { requeueAfterMs: Math.max(delayMs, 1000) }
    const record = options.get(name)
    const locator = options.locate(name)
    if (!record || !locator) return undefined
    const decision = decideCleaning({
      isOurs: true,
      isTerminating: record.isTerminating,
      isUpstreamNamespaceThere: options.isUpstreamNamespaceThere(locator),
      syncedObjects: options.countSyncedObjects(name),
    })
    if (decision === 'leave') return undefined
    if (decision === 'ask-again' || !options.mayWrite()) return again
    const content = await options.content(name, signal)
    if (content === 'foreign') {
      log.info({ 'downstream.namespace': name }, 'Downstream namespace is kept: it holds objects that are not ours')
      return { requeueAfterMs: foreignMs }
    }
    if (content === 'ours') return again
    await deleteNamespace(record)
    log.info(
      { 'downstream.namespace': name, workspace: locator.cluster, namespace: locator.namespace },
      'Deleted empty downstream namespace',
    )
    return undefined
  }

  async function deleteNamespace({ name, uid }: NamespaceRecord): Promise<void> {
    try {
      await options.client.delete(namespacesGvr, { name }, { uid })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
