// What is known of the downstream namespaces of this SyncTarget: a watch by label, overlaid with what was just written.
import { downstreamKeyLabel } from '../../api/names/kcp-keys.ts'
import { equalNamespaceLocators, type NamespaceLocator } from '../../api/names/namespace-locator.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Informer } from '../../api-client/cache/informer.ts'
import type { Clock } from '../../api-client/clock.ts'
import { namespacesGvr } from '../identity.ts'
import { createUnshownWrites } from '../unshown-writes.ts'
import { type NamespaceRecord, ownLocator } from './decide.ts'
import { type NamespaceAccess, recordOf } from './namespace-objects.ts'

export interface NamespacesOptions extends NamespaceAccess {
  readonly clock: Clock
  readonly random: () => number
}

export type MovedListener = (name: string, locator: NamespaceLocator) => void

export interface KnownNamespaces {
  readonly informer: Informer<NamespaceRecord>
  get(name: string): NamespaceRecord | undefined
  /** Of an upstream namespace; more than one is a collision. */
  matching(cluster: string, namespace: string): NamespaceRecord[]
  isOf(record: NamespaceRecord, cluster: string, namespace: string): boolean
  /** What a server answered, until the watch shows it. */
  remember(record: NamespaceRecord): void
  /** A namespace begins or ceases to be that of an upstream one. */
  onMoved(listener: MovedListener): void
  /** One of ours is gone, or has lost the label by which it is followed. */
  onLost(listener: (name: string) => void): void
  run(signal: AbortSignal): Promise<void>
}

export function createKnownNamespaces(options: NamespacesOptions): KnownNamespaces {
  const { syncTarget } = options
  const placeOf = (record: NamespaceRecord): string | undefined => {
    const locator = ownLocator(record, syncTarget)
    return locator && placeText(locator.cluster, locator.namespace)
  }
  const informer = namespaceInformer(options, placeOf)
  const moved: MovedListener[] = []
  const lost: ((name: string) => void)[] = []
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
    if (!after && ownLocator(before, syncTarget)) for (const listener of lost) listener(name)
  })
  const get = (name: string) => made.get(name) ?? informer.get(name)
  return {
    informer,
    get,
    matching(cluster, namespace) {
      const place = placeText(cluster, namespace)
      const own = made.values().filter(record => placeOf(record) === place)
      const shown = informer.byIndex(placeIndex, place)
      return own.length === 0 ? shown : [...own, ...shown.filter(({ name }) => made.get(name) === undefined)]
    },
    isOf: (record, cluster, namespace) => placeOf(record) === placeText(cluster, namespace),
    remember(record) {
      const before = get(record.name)
      made.set(record.name, record)
      tellMoved(record.name, record, before)
    },
    onMoved: listener => void moved.push(listener),
    onLost: listener => void lost.push(listener),
    async run(signal) {
      await informer.run(signal)
      made.close()
    },
  }
}

const placeIndex = 'upstream place'

function namespaceInformer(
  { client, clock, random, log, syncTarget }: NamespacesOptions,
  placeOf: (record: NamespaceRecord) => string | undefined,
): Informer<NamespaceRecord> {
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
    indexes: {
      [placeIndex]: record => {
        const place = placeOf(record)
        return place === undefined ? [] : [place]
      },
    },
  })
}

function placeText(cluster: string, namespace: string): string {
  return `${cluster}|${namespace}`
}
