// The client of controllers inside the server: what they do all the time goes to the registry at once, without text in
// between; whatever is rare (subresources, metadata only, apply) takes the way of requests. Same rules, same errors.
import { copyJson, isJsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type GroupVersionResource, type KubeObject, type WatchEvent } from '../../api/objects.ts'
import type { UserInfo } from '../../api/user.ts'
import type { Client, ListOptions, Patch, Target, WatchOptions, WriteOptions } from '../../api-client/client.ts'
import { allClusters, type ObjectRange } from '../registry/keys.ts'
import type { ListedObjects } from '../registry/list.ts'
import { ownManager, type WriteTarget } from '../registry/parts.ts'
import type { PatchType } from '../registry/patch.ts'
import type { Registry } from '../registry/registry.ts'
import type { Catalog, ResourceType } from '../registry/resource.ts'
import { inNamespace, parseSelection, type Selection } from '../registry/selection.ts'
import { parseObject, type StoredObject } from '../registry/stored-object.ts'
import { type ActiveWatches, createActiveWatches } from './active-watches.ts'
import { watchInProcess } from './in-process-watch.ts'
import { createListTurns, type ListTurn } from './list-turns.ts'

export interface InProcessOptions {
  readonly registry: Registry
  readonly catalog: Catalog
  /** Where a path leads; undefined: nowhere. */
  readonly resolveCluster: (path: string) => string | undefined
  readonly now: () => Date
  /** Must be one who may do everything: nobody is asked. */
  readonly user: UserInfo
  /** The same server, the way of requests. */
  readonly requests: Client
}

interface Parts extends InProcessOptions {
  readonly watches: ActiveWatches
  readonly listTurn: ListTurn
}

export function createInProcessClient(options: InProcessOptions): Client {
  return clientAt({ ...options, watches: createActiveWatches(options.catalog), listTurn: createListTurns() }, '')
}

function clientAt(parts: Parts, clusterPath: string): Client {
  const requests = () => (clusterPath === '' ? parts.requests : parts.requests.cluster(clusterPath))
  // Asked at every call: a path may start to lead somewhere else.
  const here = (): Place => ({ ...parts, cluster: parts.resolveCluster(clusterPath) ?? clusterPath })
  return {
    cluster: path => clientAt(parts, path),
    async get<T extends KubeObject>(gvr: GroupVersionResource, target: Target, options: { signal?: AbortSignal } = {}) {
      const type = target.subresource ? undefined : objectType(here(), gvr, { verb: 'get', ...target })
      if (!type) return requests().get<T>(gvr, target, options)
      const key = { cluster: here().cluster, namespace: target.namespace ?? '', name: target.name }
      return parsed<T>(type, await parts.registry.get({ type, ...key }))
    },
    async list<T extends KubeObject>(gvr: GroupVersionResource, options: ListOptions = {}) {
      const place = here()
      const type = options.metadataOnly ? undefined : rangeType(place, gvr, 'list')
      if (!type) return requests().list<T>(gvr, options)
      if (place.cluster === allClusters && options.limit) await parts.listTurn()
      return parsedList<T>(type, await listDirectly(place, type, options))
    },
    async create<T extends KubeObject>(gvr: GroupVersionResource, object: T, options: CreateOptions = {}) {
      const place = here()
      const isPlain = options.name === undefined && options.subresource === undefined && !options.dryRun
      const { namespace } = object.metadata
      const type = isPlain ? objectType(place, gvr, { verb: 'create', namespace }) : undefined
      if (!type) return requests().create<T>(gvr, object, options)
      const target = writeTarget(place, { type, namespace, options })
      return parsed<T>(type, await parts.registry.create(target, bodyOf(object)))
    },
    async update<T extends KubeObject>(gvr: GroupVersionResource, object: T, options: UpdateOptions = {}) {
      const target = changeTarget(here(), { gvr, verb: 'update', target: { ...object.metadata, ...options }, options })
      if (!target) return requests().update<T>(gvr, object, options)
      return parsed<T>(target.type, (await parts.registry.update(target, bodyOf(object))).stored)
    },
    async patch<T extends KubeObject>(gvr: GroupVersionResource, at: Target, patch: Patch, options: WriteOptions = {}) {
      const target = isSimple(patch) ? changeTarget(here(), { gvr, verb: 'patch', target: at, options }) : undefined
      if (!target || !isSimple(patch)) return requests().patch<T>(gvr, at, patch, options)
      const body = { type: patch.type, body: bodyOf(patch.body), force: false }
      return parsed<T>(target.type, (await parts.registry.patch(target, body)).stored)
    },
    async delete(gvr, at, options = {}) {
      const target = at.subresource ? undefined : changeTarget(here(), { gvr, verb: 'delete', target: at, options: {} })
      if (!target) return requests().delete(gvr, at, options)
      const { signal: _, ...wanted } = options
      await parts.registry.delete(target, wanted)
    },
    deleteCollection: (gvr, options) => requests().deleteCollection(gvr, options),
    watch: <T extends KubeObject>(gvr: GroupVersionResource, options: WatchOptions) =>
      watchFrom<T>(here, gvr, { options, requests }),
    request: request => requests().request(request),
  }
}

type CreateOptions = WriteOptions & { name?: string; subresource?: string }
type UpdateOptions = WriteOptions & { subresource?: string }
type SimplePatch = Patch & { readonly type: Exclude<PatchType, 'apply' | 'strategic'> }

/** Which types know a strategic merge is the business of the surface. */
function isSimple(patch: Patch): patch is SimplePatch {
  return patch.type === 'merge' || patch.type === 'json'
}

interface Place extends Parts {
  readonly cluster: string
}

interface Wanted {
  readonly verb: string
  readonly namespace?: string | undefined
}

/** undefined: not served here, or not this way, which the way of requests puts into words. */
function objectType({ catalog, cluster }: Place, gvr: GroupVersionResource, wanted: Wanted): ResourceType | undefined {
  if (cluster === '' || cluster === allClusters) return undefined
  const { resource, identity } = addressed(gvr)
  const type = catalog.apisOf(cluster).find(gvr.group, gvr.version, resource)
  if (!type || (identity !== '' && type.identityHash !== identity)) return undefined
  const hasScope = type.namespaced === Boolean(wanted.namespace)
  return hasScope && isStored(type, wanted.verb) ? type : undefined
}

function rangeType(place: Place, gvr: GroupVersionResource, verb: string): ResourceType | undefined {
  const { resource, identity } = addressed(gvr)
  if (place.cluster === '') return undefined
  const [type] =
    place.cluster === allClusters
      ? place.catalog.findAcross(gvr.group, gvr.version, resource, identity, false)
      : [place.catalog.apisOf(place.cluster).find(gvr.group, gvr.version, resource)]
  if (!type || (identity !== '' && type.identityHash !== identity)) return undefined
  return isStored(type, verb) ? type : undefined
}

/** Reviews can be created but not read back. */
function isStored({ verbs }: ResourceType, verb: string): boolean {
  return verbs.includes('get') && verbs.includes(verb)
}

function addressed(gvr: GroupVersionResource): { resource: string; identity: string } {
  const [resource = '', identity = ''] = gvr.resource.split(':', 2)
  return { resource, identity }
}

interface Write {
  readonly type: ResourceType
  readonly namespace?: string | undefined
  readonly name?: string
  readonly subresource?: string | undefined
  readonly options: WriteOptions
}

function writeTarget({ cluster, user, now }: Place, write: Write): WriteTarget {
  const { type, namespace = '', name = '', subresource = '', options } = write
  const context = { cluster, user, userAgent: '', now: now(), dryRun: false, warn: () => undefined }
  const fieldManager = options.fieldManager ?? ownManager
  const unchecked = { fieldValidation: 'Ignore', duplicateFields: [] } as const
  return { type, namespace, name, subresource, context, fieldManager, ...unchecked }
}

interface ChangeOf {
  readonly gvr: GroupVersionResource
  readonly verb: string
  readonly target: Target
  readonly options: WriteOptions
}

function changeTarget(place: Place, { gvr, verb, target, options }: ChangeOf): WriteTarget | undefined {
  const { subresource = '', namespace, name } = target
  const type = objectType(place, gvr, { verb, namespace })
  if (!type || options.dryRun || name === '') return undefined
  if (subresource !== '' && (subresource !== 'status' || !type.subresources.status)) return undefined
  return writeTarget(place, { type, namespace, name, subresource, options })
}

function selectionOf(place: Place, type: ResourceType, options: ListOptions): Selection {
  const selection = parseSelection(type, options.labelSelector ?? '', options.fieldSelector ?? '')
  return place.cluster === allClusters && options.namespace ? inNamespace(selection, options.namespace) : selection
}

function rangeOf(place: Place, type: ResourceType, options: ListOptions): ObjectRange {
  return { type, cluster: place.cluster, namespace: type.namespaced ? (options.namespace ?? '') : '' }
}

function listDirectly(place: Place, type: ResourceType, options: ListOptions): Promise<ListedObjects> {
  return place.registry.list(rangeOf(place, type, options), {
    selection: selectionOf(place, type, options),
    limit: options.limit ?? 0,
    ...(options.continue ? { continue: options.continue } : {}),
    ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
  })
}

interface WatchFrom {
  readonly options: WatchOptions
  readonly requests: () => Client
}

const timeoutMsDefault = 30 * 60_000

async function* watchFrom<T extends KubeObject>(
  here: () => Place,
  gvr: GroupVersionResource,
  { options, requests }: WatchFrom,
): AsyncGenerator<WatchEvent<T>> {
  const place = here()
  const { signal, resourceVersion, timeoutSeconds } = options
  const type = options.metadataOnly ? undefined : rangeType(place, gvr, 'watch')
  if (!type) return yield* requests().watch<T>(gvr, options)
  const { identity } = addressed(gvr)
  const end = place.watches.add({ type, cluster: place.cluster, identity, metadataOnly: false }, signal)
  const selection = selectionOf(place, type, options)
  const watch = place.registry.watch(rangeOf(place, type, options), { selection, resourceVersion, signal: end.signal })
  const timeoutMs = timeoutSeconds === undefined ? timeoutMsDefault : timeoutSeconds * 1000
  try {
    yield* watchInProcess({ type, watch, end, timeoutMs }) as AsyncGenerator<WatchEvent<T>>
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function parsed<T extends KubeObject>(type: ResourceType, stored: StoredObject): T {
  return parseObject(type, stored) as T
}

function parsedList<T extends KubeObject>(type: ResourceType, listed: ListedObjects) {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.listKind,
    metadata: {
      resourceVersion: String(listed.revision),
      ...(listed.continue === '' ? {} : { continue: listed.continue }),
    },
    items: listed.items.map(stored => parsed<T>(type, stored)),
  }
}

/** What the registry may change; the caller keeps its own. */
function bodyOf(body: unknown): JsonValue {
  if (!isJsonObject(body) && !Array.isArray(body)) throw new Error('the body of a write must be JSON')
  return copyJson(body)
}
