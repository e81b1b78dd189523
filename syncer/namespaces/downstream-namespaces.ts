// The downstream namespaces of this SyncTarget: found by their locator, made when the first object needs one. A namespace
// whose locator is not ours is never touched.
import { downstreamNamespaceName, type NamespaceLocator } from '../../api/names/namespace-locator.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import { decideNamespace, type NamespaceDecision, type NamespaceRecord, ownLocator } from './decide.ts'
import { createKnownNamespaces, type MovedListener, type NamespacesOptions } from './known-namespaces.ts'
import { createOrGet, getNamespace, label } from './namespace-objects.ts'

export interface DownstreamNamespaces {
  readonly synced: Promise<void>
  readonly hasSynced: boolean
  get(name: string): NamespaceRecord | undefined
  names(): string[]
  /** Name of the namespace for this upstream one, if there is one. */
  find(cluster: string, namespace: string): string | undefined
  /** The same of the physical cluster itself, should the caches know of none. */
  ask(cluster: string, namespace: string): Promise<string | undefined>
  /** The same, made when missing. Throws on a collision, and while the namespace is on its way out. */
  ensure(cluster: string, namespace: string): Promise<string>
  /** Upstream place of a namespace; undefined when it is not ours. */
  locate(name: string): NamespaceLocator | undefined
  locatorFor(cluster: string, namespace: string): NamespaceLocator
  onAdded(listener: (name: string) => void): void
  /** A namespace begins or ceases to be that of an upstream one. */
  onMoved(listener: MovedListener): void
  run(signal: AbortSignal): Promise<void>
}

export function createDownstreamNamespaces(options: NamespacesOptions): DownstreamNamespaces {
  const { syncTarget } = options
  const known = createKnownNamespaces(options)
  const { informer, get, matching } = known
  const locatorFor = (cluster: string, namespace: string): NamespaceLocator => {
    const { key: _, ...identity } = syncTarget
    return { syncTarget: identity, cluster, namespace }
  }
  /** One that was made, or was there though the watch does not show it. */
  const use = async (locator: NamespaceLocator, record: NamespaceRecord): Promise<string> => {
    const decision = decideNamespace({ locator, matching: [], named: record })
    const name = nameOf(decision)
    known.remember(decision.type === 'label' ? await label(options, decision) : record)
    return name
  }
  const ensure = async (locator: NamespaceLocator): Promise<string> => {
    const found = matching(locator.cluster, locator.namespace)
    const named = found.length > 0 ? undefined : get(downstreamNamespaceName(locator))
    const decision = decideNamespace({ locator, matching: found, named })
    if (decision.type === 'label') known.remember(await label(options, decision))
    if (decision.type !== 'create') return nameOf(decision)
    return use(locator, await createOrGet(options, { name: decision.name, locator }))
  }
  const repairs = createRepairs(options, async name => {
    const record = await getNamespace(options, name)
    const locator = ownLocator(record, syncTarget)
    if (record && locator && !record.isTerminating) await use(locator, record)
  })
  known.onLost(repairs.add)
  return {
    synced: informer.synced,
    get hasSynced() {
      return informer.hasSynced
    },
    get,
    names: () => [...informer.entries()].map(([name]) => name),
    find: (cluster, namespace) => matching(cluster, namespace)[0]?.name,
    async ask(cluster, namespace) {
      const [found] = matching(cluster, namespace)
      if (found) return found.name
      const record = await getNamespace(options, downstreamNamespaceName(locatorFor(cluster, namespace)))
      if (!record || !known.isOf(record, cluster, namespace)) return undefined
      repairs.add(record.name)
      return record.name
    },
    ensure: oneAtATime((cluster, namespace) => ensure(locatorFor(cluster, namespace))),
    locate: name => ownLocator(get(name), syncTarget),
    locatorFor,
    onAdded: listener => void informer.onChange(({ name }, after, before) => after && !before && listener(name)),
    onMoved: known.onMoved,
    async run(signal) {
      await Promise.all([known.run(signal), repairs.run(signal)])
    },
  }
}

/** All who ask while one attempt runs get its answer. */
function oneAtATime(attempt: DownstreamNamespaces['ensure']): DownstreamNamespaces['ensure'] {
  const running = new Map<string, Promise<string>>()
  return (cluster, namespace) => {
    const place = `${cluster}|${namespace}`
    const promise = running.get(place) ?? attempt(cluster, namespace).finally(() => running.delete(place))
    running.set(place, promise)
    return promise
  }
}

function nameOf(decision: NamespaceDecision): string {
  if (decision.type === 'collision') throw new Error(decision.message)
  if (decision.type === 'wait') throw new Error(decision.reason)
  return decision.name
}

/** How long to wait for what follows a deletion. */
const repairMs = 1000

/** Somebody took the label off a namespace: the watch then says that it is gone. */
function createRepairs({ clock, random, log }: NamespacesOptions, repair: (name: string) => Promise<void>) {
  const queue = createWorkQueue({ clock, random })
  const reconcile = async (name: string) => {
    await repair(name)
    return undefined
  }
  return {
    add: (name: string) => queue.addAfter(name, repairMs),
    run: (signal: AbortSignal) =>
      runController({ name: 'namespace-repair', queue, reconcile, log, signal, workers: 1 }),
  }
}
