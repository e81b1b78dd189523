// Metadata watches across all logical clusters, one per group and resource that somewhere may hold scheduled objects.
// Nothing of what they see is kept. A watch starts when its resource is wanted and ends when nobody serves it any more.
import type { GroupVersionResource, KubeObject } from '../../../api/objects.ts'
import type { ApiSet, ResourceType } from '../../registry/resource.ts'
import type { LoopDeps } from '../loop.ts'
import { watchObjects } from '../watch-objects.ts'

export interface WatchedResources {
  /** Starts and ends watches so that these sets are covered. */
  cover(apis: ReadonlySet<ApiSet>): void
  covers(apis: ApiSet): boolean
  readonly hasStarted: boolean
}

export type Visit = (gvr: GroupVersionResource, object: KubeObject) => void

export function createWatchedResources(deps: LoopDeps, visit: Visit): WatchedResources {
  const running = new Map<string, AbortController>()
  const start = (gvr: GroupVersionResource) => {
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, deps.signal])
    void watchObjects(deps, { gvr, metadataOnly: true, signal, visit: object => visit(gvr, object) })
    return stop
  }
  let covered: ReadonlySet<ApiSet> | undefined
  return {
    covers: apis => covered?.has(apis) ?? false,
    get hasStarted() {
      return covered !== undefined
    },
    cover(apis) {
      covered = apis
      const wanted = new Map<string, GroupVersionResource>()
      for (const set of apis) {
        for (const gvr of scheduledResources(set)) {
          const name = `${gvr.group}/${gvr.resource}`
          if (!wanted.has(name)) wanted.set(name, gvr)
        }
      }
      for (const [name, gvr] of wanted) if (!running.has(name)) running.set(name, start(gvr))
      for (const [name, stop] of running) {
        if (wanted.has(name)) continue
        running.delete(name)
        stop.abort()
      }
    },
  }
}

const neededVerbs = ['list', 'watch', 'patch']
const persistentVolumes = 'persistentvolumes'

const known = new WeakMap<ApiSet, GroupVersionResource[]>()

/** Of each group and resource one version. */
export function scheduledResources(apis: ApiSet): readonly GroupVersionResource[] {
  const cached = known.get(apis)
  if (cached) return cached
  const found = new Map<string, GroupVersionResource>()
  for (const type of apis.types) {
    const name = `${type.group}/${type.resource}`
    if (isScheduled(type) && !found.has(name)) {
      found.set(name, { group: type.group, version: type.version, resource: type.resource })
    }
  }
  const list = [...found.values()]
  known.set(apis, list)
  return list
}

export function isPersistentVolumes({ group, resource }: { group: string; resource: string }): boolean {
  return group === '' && resource === persistentVolumes
}

function isScheduled(type: ResourceType): boolean {
  // The same objects are also served as events of the core group.
  if (type.group === 'events.k8s.io') return false
  if (!neededVerbs.every(verb => type.verbs.includes(verb))) return false
  return type.namespaced || isPersistentVolumes(type)
}
