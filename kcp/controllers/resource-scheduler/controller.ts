// Labels the objects of scheduled namespaces, and PersistentVolumes, with the SyncTargets they go to.
// Holds no objects: watches report them one by one, and a namespace whose labels change is listed again.
import {
  formatKey,
  type GroupVersionResource,
  type KubeObject,
  keyOf,
  type ObjectKey,
  parseKey,
} from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import { forEachPage } from '../../../api-client/resources/list-all.ts'
import type { ApiSet, Catalog } from '../../registry/resource.ts'
import type { Loop } from '../loop.ts'
import { equalMaps, isSchedulable } from '../namespace-scheduler/namespace.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { decide, isConcerned, type Wanted } from './decide.ts'
import { type PlanSoleOwner, perform } from './perform.ts'
import { createWatchedResources, isPersistentVolumes, scheduledResources } from './watched-resources.ts'

export interface ResourceSchedulerDeps extends SchedulingDeps {
  readonly catalog: Pick<Catalog, 'apisOf' | 'onChange'>
  readonly planSoleOwner: PlanSoleOwner
}

/** Keys of the loop: `watches`, `namespace <key>`, `volumes <cluster>`, `object <group/version/resource> <key>`. */
const watchesKey = 'watches'

export function startResourceScheduler(deps: ResourceSchedulerDeps): Loop {
  const { catalog } = deps
  /** Objects that need a write, as they were seen. */
  const seen = new Map<string, KubeObject>()
  const visit = (gvr: GroupVersionResource, object: KubeObject) => {
    if (decideFor(deps, gvr, object) === undefined) return
    const text = objectText(gvr, keyOf(object))
    seen.set(text, object)
    loop.add(text)
  }
  const watched = createWatchedResources(deps, visit)
  const loop: Loop = startSchedulingLoop(deps, {
    name: 'kcp-resource-scheduler',
    workers: 16,
    reconcile: async text => {
      const [kind, first = ''] = text.split(' ', 2)
      if (kind === watchesKey) return watched.cover(activeApis(deps))
      if (kind === 'namespace') return visitNamespace(deps, parseKey(text.slice('namespace '.length)), visit)
      if (kind === 'volumes') return visitVolumes(deps, first, visit)
      const object = seen.get(text)
      seen.delete(text)
      const gvr = parseGvr(first)
      const key = parseKey(text.slice('object '.length + first.length + 1))
      const { planSoleOwner } = deps
      return perform(deps.client, { gvr, key, object, planSoleOwner, decide: each => decideFor(deps, gvr, each) })
    },
  })
  const cover = (cluster: string) => {
    if (!watched.covers(catalog.apisOf(cluster))) loop.add(watchesKey)
  }
  wire(deps, { loop, cover, hasStarted: () => watched.hasStarted })
  catalog.onChange(cluster => {
    if (cluster === '*') loop.add(watchesKey)
    else if (isActive(deps, cluster)) cover(cluster)
    // What nobody serves any more is of no harm; its watch may end a little later.
    else if (watched.hasStarted) loop.addAfter(watchesKey, lateMs)
  })
  return loop
}

const lateMs = 5000

interface Wiring {
  readonly loop: Loop
  /** Watches what is served in this logical cluster. */
  readonly cover: (cluster: string) => void
  /** Before, nothing has been listed yet, and everything will be. */
  readonly hasStarted: () => boolean
}

function wire({ scheduling }: ResourceSchedulerDeps, { loop, cover, hasStarted }: Wiring): void {
  scheduling.namespaces.onChange((key, after, before) => {
    if (before === undefined) cover(key.cluster)
    if (!hasStarted()) return
    const none = new Map<string, string>()
    const isSame =
      equalMaps(after?.states ?? none, before?.states ?? none) &&
      equalMaps(after?.deletions ?? none, before?.deletions ?? none)
    if (!isSame && isSchedulable(key.name)) loop.add(`namespace ${formatKey(key)}`)
  })
  scheduling.placements.onChange((key, after, before) => {
    if (before === undefined) cover(key.cluster)
    if (!hasStarted()) return
    if (after?.target !== before?.target || after?.isEffective !== before?.isEffective) {
      loop.add(`volumes ${key.cluster}`)
    }
  })
  scheduling.syncTargets.onChange((_key, after, before) => {
    if (after?.uid === before?.uid || !hasStarted()) return
    const changed = after?.key ?? before?.key ?? ''
    for (const [text, namespace] of scheduling.namespaces.entries()) {
      if (namespace.states.has(changed)) loop.add(`namespace ${text}`)
    }
  })
}

function isActive({ scheduling }: ResourceSchedulerDeps, cluster: string): boolean {
  const { namespaces, placements } = scheduling
  return namespaces.keysByIndex('cluster', cluster).length > 0 || placements.keysByIndex('cluster', cluster).length > 0
}

/** What is served where something is, or may be, scheduled. */
function activeApis({ scheduling, catalog }: ResourceSchedulerDeps): Set<ApiSet> {
  const clusters = new Set<string>()
  for (const [, namespace] of scheduling.namespaces.entries()) clusters.add(namespace.cluster)
  for (const [, placement] of scheduling.placements.entries()) clusters.add(placement.cluster)
  return new Set([...clusters].map(cluster => catalog.apisOf(cluster)))
}

const nowhere: Wanted = { states: new Map(), deletions: new Map(), initialState: 'Sync' }

function wantedOf({ scheduling }: ResourceSchedulerDeps, gvr: GroupVersionResource, key: ObjectKey): Wanted {
  if (isPersistentVolumes(gvr)) {
    const placements = scheduling.placements.byIndex('cluster', key.cluster)
    const targets = placements.filter(({ isEffective, target }) => isEffective && target !== '')
    return { ...nowhere, states: new Map(targets.map(({ target }) => [target, 'Sync'])), initialState: '' }
  }
  const namespace = scheduling.namespaces.get(formatKey({ ...key, namespace: '', name: key.namespace }))
  return namespace ? { states: namespace.states, deletions: namespace.deletions, initialState: 'Sync' } : nowhere
}

function decideFor(deps: ResourceSchedulerDeps, gvr: GroupVersionResource, object: KubeObject) {
  const key = keyOf(object)
  if (key.namespace !== '' && !isSchedulable(key.namespace)) return undefined
  const wanted = wantedOf(deps, gvr, key)
  const { metadata } = object
  if (!isConcerned(metadata, wanted)) return undefined
  const isAlive = (target: string) => deps.scheduling.syncTargets.keysByIndex('key', target).length > 0
  return decide({ metadata, wanted, isAlive, now: deps.now() })
}

type Visit = (gvr: GroupVersionResource, object: KubeObject) => void

async function visitNamespace(deps: ResourceSchedulerDeps, { cluster, name }: ObjectKey, visit: Visit): Promise<void> {
  for (const gvr of scheduledResources(deps.catalog.apisOf(cluster))) {
    if (!isPersistentVolumes(gvr)) await visitAll(deps, { gvr, cluster, namespace: name }, visit)
  }
}

async function visitVolumes(deps: ResourceSchedulerDeps, cluster: string, visit: Visit): Promise<void> {
  const gvr = scheduledResources(deps.catalog.apisOf(cluster)).find(isPersistentVolumes)
  if (gvr) await visitAll(deps, { gvr, cluster, namespace: '' }, visit)
}

async function visitAll(
  { client }: ResourceSchedulerDeps,
  { gvr, cluster, namespace }: { gvr: GroupVersionResource; cluster: string; namespace: string },
  visit: Visit,
): Promise<void> {
  const options = { metadataOnly: true, ...(namespace === '' ? {} : { namespace }) }
  try {
    await forEachPage(client.cluster(cluster), { gvr, options }, page => {
      for (const object of page.items) visit(gvr, object)
    })
  } catch (error) {
    // It is no longer served here: nothing of it is left to schedule.
    if (!isNotFound(error)) throw error
  }
}

function objectText({ group, version, resource }: GroupVersionResource, key: ObjectKey): string {
  return `object ${group}/${version}/${resource} ${formatKey(key)}`
}

function parseGvr(text: string): GroupVersionResource {
  const [group = '', version = '', resource = ''] = text.split('/')
  return { group, version, resource }
}
