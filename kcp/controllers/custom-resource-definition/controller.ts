// CRDs: accepts their names, establishes them, and deletes their objects with them. Works on any server.
import { equalJson } from '../../../api/json.ts'
import { formatKey, type ObjectKey, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { setCrdCondition } from '../../apis/apiextensions/crd-conditions.ts'
import { cleanupFinalizer } from '../../apis/apiextensions/custom-resource-definitions.ts'
import type { ResourceType } from '../../registry/resource.ts'
import { deleteContent } from '../content/delete-content.ts'
import { createRemainsWatcher, type RemainsWatcher } from '../content/watch-remains.ts'
import { clientFor, getOrUndefined, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { customResourceDefinitions } from '../resources.ts'
import { type Crd, decideStatus } from './decide.ts'
import { type AcceptedNames, createAcceptedNames } from './names-in-use.ts'

export interface CrdDeps extends LoopDeps {
  readonly now: () => Date
  /** What the logical cluster ('' on a plain Kubernetes server) serves of a group. */
  readonly typesOfGroup: (cluster: string, group: string) => readonly ResourceType[]
}

const recheckMs = 5000

export function startCustomResourceDefinitionController(deps: CrdDeps): Loop {
  const { informers, log, signal } = deps
  const watcher = createRemainsWatcher({ changed: key => loop.add(key), log, signal })
  const names = createAcceptedNames()
  const inTurn = createTurns()
  /** A name may have become free. */
  const wakeWaiting = (cluster: string, but: string) => {
    for (const text of names.waiting(cluster)) if (text !== but) loop.add(text)
  }
  const loop = startLoop(deps, {
    name: 'customresourcedefinitions',
    reconcile: async text => {
      try {
        const key = parseKey(text)
        const crd = await getOrUndefined<Crd>(deps.client, customResourceDefinitions, key)
        if (crd === undefined) return undefined
        if (crd.metadata.deletionTimestamp) return await clean({ ...deps, watcher }, key, crd)
        // CRDs that are established at the same time must not both get a name.
        const changed = await inTurn(key.cluster, () => establish(deps, names, { key, crd }))
        if (changed) wakeWaiting(key.cluster, text)
        return undefined
      } catch (error) {
        if (isNotFound(error)) return undefined
        if (!isConflict(error)) throw error
        loop.add(text)
        return undefined
      }
    },
  })
  informers.keysOf(customResourceDefinitions).onChange((key, after) => {
    if (key.cluster.startsWith('system:')) return
    if (after !== undefined) return loop.add(formatKey(key))
    names.gone(key)
    wakeWaiting(key.cluster, '')
  })
  return loop
}

/** Runs what is about one logical cluster one after the other. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>()
  return async <T>(cluster: string, run: () => Promise<T>): Promise<T> => {
    const turn = (last.get(cluster) ?? Promise.resolve()).then(run, run)
    last.set(cluster, turn)
    try {
      return await turn
    } finally {
      if (last.get(cluster) === turn) last.delete(cluster)
    }
  }
}

interface Wanted {
  readonly key: ObjectKey
  readonly crd: Crd
}

/** Whether the status was written. */
async function establish(deps: CrdDeps, names: AcceptedNames, { key, crd }: Wanted): Promise<boolean> {
  const inUse = names.inUse(key, crd.spec.group, deps.typesOfGroup(key.cluster, crd.spec.group))
  const status = decideStatus(crd, inUse, deps.now())
  const { acceptedNames = crd.spec.names, conditions } = status ?? crd.status ?? {}
  names.accepted(key, crd, acceptedNames)
  names.setWaiting(key, conditions?.some(each => each.type === 'NamesAccepted' && each.status === 'False') ?? false)
  if (status === undefined) return false
  await patchRead(deps.client, customResourceDefinitions, { object: crd, body: { status }, subresource: 'status' })
  return true
}

async function clean(deps: CrdDeps & { watcher: RemainsWatcher }, key: ObjectKey, crd: Crd) {
  const { finalizers = [] } = crd.metadata
  const text = formatKey(key)
  if (!finalizers.includes(cleanupFinalizer)) return undefined
  const { group, names } = crd.spec
  const [type] = deps
    .typesOfGroup(key.cluster, group)
    .filter(each => each.resource === names.plural && each.origin === 'custom')
  const scope = { client: clientFor(deps.client, key.cluster) }
  const remains = type ? await deleteContent(scope, [type]) : []
  if (remains.length === 0) {
    deps.watcher.stop(text)
    const rest = finalizers.filter(finalizer => finalizer !== cleanupFinalizer)
    await patchRead(deps.client, customResourceDefinitions, { object: crd, body: { metadata: { finalizers: rest } } })
    return undefined
  }
  deps.watcher.watch(text, scope, remains)
  const state = { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' } as const
  const message = 'CustomResource deletion is in progress'
  const before = crd.status?.conditions ?? []
  const conditions = setCrdCondition(before, { ...state, message }, deps.now())
  if (!equalJson(conditions, before)) {
    const write = { object: crd, body: { status: { conditions } }, subresource: 'status' } as const
    await patchRead(deps.client, customResourceDefinitions, write)
  }
  return { requeueAfterMs: recheckMs }
}
