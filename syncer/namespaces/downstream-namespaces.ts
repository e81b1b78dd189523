// The downstream namespaces of this SyncTarget: found by their locator, made when the first object needs one. A namespace
// whose locator is not ours is never touched.
import { downstreamKeyLabel } from '../../api/names/kcp-keys.ts'
import {
  downstreamNamespaceName,
  equalNamespaceLocators,
  type NamespaceLocator,
} from '../../api/names/namespace-locator.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Informer } from '../../api-client/cache/informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import { runController } from '../../api-client/controller/run-controller.ts'
import { createWorkQueue } from '../../api-client/controller/work-queue.ts'
import type { Log } from '../../api-client/log.ts'
import { namespacesGvr, type SyncTargetIdentity } from '../identity.ts'
import { createUnshownWrites } from '../unshown-writes.ts'
import { decideNamespace, type NamespaceDecision, type NamespaceRecord, ownLocator } from './decide.ts'
import { createOrGet, getNamespace, label, recordOf } from './namespace-objects.ts'

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
  onMoved(listener: (name: string, locator: NamespaceLocator) => void): void
  run(signal: AbortSignal): Promise<void>
}

export interface DownstreamNamespacesOptions {
  readonly client: Client
  readonly syncTarget: SyncTargetIdentity
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
}

export function createDownstreamNamespaces(options: DownstreamNamespacesOptions): DownstreamNamespaces {
  const { syncTarget } = options
  const informer = namespaceInformer(options)
  const moved: ((name: string, locator: NamespaceLocator) => void)[] = []
  const tellMoved = (name: string, is: NamespaceRecord | undefined, was: NamespaceRecord | undefined) => {
    const places = [is, was].flatMap(record => ownLocator(record, syncTarget) ?? [])
    const [first, second] = places
    if (first && second && equalNamespaceLocators(first, second)) return
    for (const locator of places) for (const listener of moved) listener(name, locator)
  }
  const made = createUnshownWrites<NamespaceRecord>(options.clock, (name, was) =>
    tellMoved(name, informer.get(name), was),
  )
  informer.onChange(({ name }, after, before, object) => {
    made.shown(name, after?.resourceVersion ?? object?.metadata.resourceVersion)
    tellMoved(name, after, before)
    // Gone, or without the label by which it is followed.
    if (!after && ownLocator(before, syncTarget)) repairs.add(name)
  })

  const get = (name: string) => made.get(name) ?? informer.get(name)
  const locatorFor = (cluster: string, namespace: string): NamespaceLocator => {
    const { key: _, ...identity } = syncTarget
    return { syncTarget: identity, cluster, namespace }
  }
  const matching = (cluster: string, namespace: string): NamespaceRecord[] => {
    const text = placeText(cluster, namespace)
    const own = made.values().filter(record => placeOf(record, syncTarget) === text)
    const shown = informer.byIndex(placeIndex, text)
    return own.length === 0 ? shown : [...own, ...shown.filter(({ name }) => made.get(name) === undefined)]
  }
  const ensure = async (locator: NamespaceLocator): Promise<string> => {
    const found = matching(locator.cluster, locator.namespace)
    const named = found.length > 0 ? undefined : get(downstreamNamespaceName(locator))
    const decision = decideNamespace({ locator, matching: found, named })
    if (decision.type === 'label') made.set(decision.name, await label(options, decision))
    if (decision.type !== 'create') return nameOf(decision)
    const record = await createOrGet(options, { name: decision.name, locator })
    return use(locator, record)
  }
  /** One that was made, or was there though the watch does not show it. */
  const use = async (locator: NamespaceLocator, record: NamespaceRecord): Promise<string> => {
    const decision = decideNamespace({ locator, matching: [], named: record })
    made.set(record.name, decision.type === 'label' ? await label(options, decision) : record)
    return nameOf(decision)
  }
  const repairs = createRepairs(options, async name => {
    const record = await getNamespace(options, name)
    const locator = ownLocator(record, syncTarget)
    if (!record || !locator || record.isTerminating) return
    await use(locator, record)
    tellMoved(name, record, undefined)
  })
  const running = new Map<string, Promise<string>>()
  return {
    synced: informer.synced,
    get hasSynced() {
      return informer.hasSynced
    },
    get,
    names: () => [...informer.entries()].map(([name]) => name),
    find: (cluster, namespace) => matching(cluster, namespace)[0]?.name,
    async ask(cluster, namespace) {
      const known = matching(cluster, namespace)[0]?.name
      if (known !== undefined) return known
      const record = await getNamespace(options, downstreamNamespaceName(locatorFor(cluster, namespace)))
      if (!record || placeOf(record, syncTarget) !== placeText(cluster, namespace)) return undefined
      repairs.add(record.name)
      return record.name
    },
    ensure(cluster, namespace) {
      const place = placeText(cluster, namespace)
      const attempt = running.get(place) ?? ensure(locatorFor(cluster, namespace)).finally(() => running.delete(place))
      running.set(place, attempt)
      return attempt
    },
    locate: name => ownLocator(get(name), syncTarget),
    locatorFor,
    onAdded: listener => void informer.onChange(({ name }, after, before) => after && !before && listener(name)),
    onMoved: listener => void moved.push(listener),
    async run(signal) {
      await Promise.all([informer.run(signal), repairs.run(signal)])
      made.close()
    },
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
function createRepairs({ clock, random, log }: DownstreamNamespacesOptions, repair: (name: string) => Promise<void>) {
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

const placeIndex = 'upstream place'

function namespaceInformer(options: DownstreamNamespacesOptions): Informer<NamespaceRecord> {
  const { client, clock, random, log, syncTarget } = options
  return createInformer<NamespaceRecord>({
    client,
    clock,
    random,
    log,
    gvr: namespacesGvr,
    metadataOnly: true,
    selectors: { labelSelector: `${downstreamKeyLabel}=${syncTarget.key}` },
    keyOf: ({ metadata }) => ({ cluster: '', namespace: '', name: metadata.name }),
    project: object => recordOf(object, syncTarget.key),
    indexes: { [placeIndex]: record => placesOf(record, syncTarget) },
  })
}

function placeText(cluster: string, namespace: string): string {
  return `${cluster}|${namespace}`
}

function placesOf(record: NamespaceRecord, syncTarget: SyncTargetIdentity): string[] {
  const place = placeOf(record, syncTarget)
  return place === undefined ? [] : [place]
}

/** Undefined when it is not one of this SyncTarget. */
function placeOf(record: NamespaceRecord, syncTarget: SyncTargetIdentity): string | undefined {
  const locator = ownLocator(record, syncTarget)
  return locator && placeText(locator.cluster, locator.namespace)
}
