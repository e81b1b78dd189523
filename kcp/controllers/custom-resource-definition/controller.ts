// CRDs: accepts their names, establishes them, and deletes their objects with them. Works on any server.
import { setCondition } from '../../../api/conditions.ts'
import { formatKey, type ObjectKey, parseKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import type { ResourceType } from '../../registry/resource.ts'
import { deleteContent } from '../content/delete-content.ts'
import { createRemainsWatcher, type RemainsWatcher } from '../content/watch-remains.ts'
import { clientFor, getOrUndefined, type Loop, type LoopDeps, patchRead, startLoop } from '../loop.ts'
import { customResourceDefinitions } from '../resources.ts'
import { type Crd, cleanupFinalizer, decideStatus, type NamesInUse } from './decide.ts'

export interface CrdDeps extends LoopDeps {
  readonly now: () => Date
  /** What the logical cluster serves; '' on a plain Kubernetes server. */
  readonly typesOf: (cluster: string) => readonly ResourceType[]
}

const recheckMs = 5000

export function startCustomResourceDefinitionController(deps: CrdDeps): Loop {
  const { informers, log, signal } = deps
  const watcher = createRemainsWatcher({ changed: key => loop.add(key), log, signal })
  /** CRDs whose names are taken, by logical cluster. */
  const refused = new Map<string, Set<string>>()
  const loop = startLoop(deps, {
    name: 'customresourcedefinitions',
    reconcile: async text => {
      try {
        const key = parseKey(text)
        const crd = await getOrUndefined<Crd>(deps.client, customResourceDefinitions, key)
        refused.get(key.cluster)?.delete(text)
        if (crd === undefined) return undefined
        if (crd.metadata.deletionTimestamp) return await clean({ ...deps, watcher }, key, crd)
        if ((await establish(deps, key, crd)) === 'refused') {
          refused.set(key.cluster, (refused.get(key.cluster) ?? new Set()).add(text))
        }
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
    if (after !== undefined) loop.add(formatKey(key))
    else for (const text of refused.get(key.cluster) ?? []) loop.add(text)
  })
  return loop
}

async function establish(deps: CrdDeps, key: ObjectKey, crd: Crd): Promise<'served' | 'refused'> {
  const { client } = deps
  const { finalizers = [] } = crd.metadata
  let current = crd
  if (!finalizers.includes(cleanupFinalizer)) {
    const body = { metadata: { finalizers: [...finalizers, cleanupFinalizer] } }
    current = await patchRead(client, customResourceDefinitions, { object: crd, body })
  }
  const status = decideStatus(current, await namesInUse(deps, key, current), deps.now())
  if (status)
    await patchRead(client, customResourceDefinitions, { object: current, body: { status }, subresource: 'status' })
  const conditions = status?.conditions ?? current.status?.conditions
  return conditions?.some(({ type, status }) => type === 'NamesAccepted' && status === 'False') ? 'refused' : 'served'
}

/** Of other CRDs, accepted or not yet asked, the older one wins; served types that are no CRDs always win. */
async function namesInUse({ client, typesOf }: CrdDeps, key: ObjectKey, crd: Crd): Promise<NamesInUse> {
  const { group } = crd.spec
  const resources = new Set<string>()
  const kinds = new Set<string>()
  for (const type of typesOf(key.cluster)) {
    if (type.group !== group || type.origin === 'custom') continue
    for (const name of [type.resource, type.singular, ...type.shortNames]) resources.add(name)
    kinds.add(type.kind).add(type.listKind)
  }
  const { items } = await listAll<Crd>(clientFor(client, key.cluster), customResourceDefinitions)
  for (const other of items) {
    if (other.spec.group !== group || other.metadata.name === key.name) continue
    const names = other.status?.acceptedNames
    if (!names?.plural) continue
    for (const name of [names.plural, names.singular, ...(names.shortNames ?? [])]) if (name) resources.add(name)
    for (const kind of [names.kind, names.listKind]) if (kind) kinds.add(kind)
  }
  return { resources, kinds }
}

async function clean(deps: CrdDeps & { watcher: RemainsWatcher }, key: ObjectKey, crd: Crd) {
  const { finalizers = [] } = crd.metadata
  const text = formatKey(key)
  if (!finalizers.includes(cleanupFinalizer)) return undefined
  const { group, names } = crd.spec
  const [type] = deps
    .typesOf(key.cluster)
    .filter(each => each.group === group && each.resource === names.plural && each.origin === 'custom')
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
  const conditions = setCondition(crd.status?.conditions, { ...state, message }, deps.now())
  if (conditions !== crd.status?.conditions) {
    const write = { object: crd, body: { status: { conditions } }, subresource: 'status' } as const
    await patchRead(deps.client, customResourceDefinitions, write)
  }
  return { requeueAfterMs: recheckMs }
}
