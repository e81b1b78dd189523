// The Client of api-client/client.ts over any transport: paths, JSON bodies, failures as StatusError, watch decoding.
// Leaves out: retries, rates, credentials (wrappers of the transport), paging (list-all.ts).
import { isJsonObject } from '../../api/json.ts'
import type { GroupVersionResource, KubeList, KubeObject, WatchEvent } from '../../api/objects.ts'
import type { Client, DeleteOptions, ListOptions, Patch, Target, WatchOptions, WriteOptions } from '../client.ts'
import type { Transport, TransportRequest } from '../transport/transport.ts'
import {
  deleteBody,
  listQuery,
  objectPath,
  pathSegment,
  resourcePath,
  watchQuery,
  withQuery,
  writeQuery,
} from './paths.ts'
import { readJsonObject, readText, statusErrorOf } from './response.ts'
import { watchEvents } from './watch-stream.ts'

export interface RestClientOptions {
  /** Path of the server below its origin, without a slash at its end: '' or `/services/syncer/…`. */
  readonly basePath?: string
}

const json = 'application/json'
const accept = { accept: json }
const metadataOf = (kind: string) => ({ accept: `${json};as=${kind};g=meta.k8s.io;v=v1,${json}` })
const patchTypes: Record<Patch['type'], string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

export function createClient(transport: Transport, options: RestClientOptions = {}): Client {
  return clientAt(transport, options.basePath ?? '', '')
}

function clientAt(transport: Transport, basePath: string, clusterPath: string): Client {
  const prefix = basePath + clusterPath
  const send = async <T>(request: Call): Promise<T> => {
    const response = await transport(transportRequest(prefix, request))
    return (await readJsonObject(response)) as T
  }
  const discard = async (request: Call): Promise<void> => {
    const response = await transport(transportRequest(prefix, request))
    const text = await readText(response)
    if (response.status >= 400) throw statusErrorOf(response.status, text, response.headers)
  }
  return {
    cluster: cluster => clientAt(transport, basePath, `/clusters/${pathSegment(cluster)}`),
    get: <T extends KubeObject>(gvr: GroupVersionResource, target: Target, options: { signal?: AbortSignal } = {}) =>
      send<T>({ method: 'GET', path: objectPath(gvr, target), signal: options.signal }),
    list: async <T extends KubeObject>(gvr: GroupVersionResource, options: ListOptions = {}) =>
      completeItems(await send<KubeList<T>>(listCall(gvr, options))),
    create: <T extends KubeObject>(gvr: GroupVersionResource, object: T, options: CreateOptions = {}) =>
      send<T>(createCall(gvr, object, options)),
    update: <T extends KubeObject>(gvr: GroupVersionResource, object: T, options: UpdateOptions = {}) =>
      send<T>(updateCall(gvr, object, options)),
    patch: <T extends KubeObject>(
      gvr: GroupVersionResource,
      target: Target,
      patch: Patch,
      options: WriteOptions = {},
    ) => send<T>(patchCall(gvr, target, { patch, options })),
    delete: (gvr, target, options = {}) =>
      discard({ method: 'DELETE', path: objectPath(gvr, target), body: deleteBody(options), signal: options.signal }),
    deleteCollection: (gvr, options = {}) => discard(deleteCollectionCall(gvr, options)),
    watch: <T extends KubeObject>(gvr: GroupVersionResource, options: WatchOptions) =>
      watch<T>(transport, transportRequest(prefix, watchCall(gvr, options))),
    request: request => transport({ ...request, path: prefix + request.path }),
  }
}

type CreateOptions = WriteOptions & { name?: string; subresource?: string }
type UpdateOptions = WriteOptions & { subresource?: string }

interface Call {
  readonly method: TransportRequest['method']
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

function transportRequest(prefix: string, call: Call): TransportRequest {
  const headers = {
    ...(call.headers ?? accept),
    ...(call.body === undefined ? {} : { 'content-type': json }),
    ...call.headers,
  }
  return {
    method: call.method,
    path: prefix + call.path,
    headers: { ...accept, ...headers },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.signal ? { signal: call.signal } : {}),
  }
}

function listCall(gvr: GroupVersionResource, options: ListOptions): Call {
  return {
    method: 'GET',
    path: withQuery(resourcePath(gvr, options.namespace), listQuery(options)),
    headers: options.metadataOnly ? metadataOf('PartialObjectMetadataList') : accept,
    signal: options.signal,
  }
}

function watchCall(gvr: GroupVersionResource, options: WatchOptions): Call {
  return {
    method: 'GET',
    path: withQuery(resourcePath(gvr, options.namespace), watchQuery(options)),
    headers: options.metadataOnly ? metadataOf('PartialObjectMetadata') : accept,
    signal: options.signal,
  }
}

function createCall(gvr: GroupVersionResource, object: KubeObject, options: CreateOptions): Call {
  const { namespace } = object.metadata
  const { name, subresource } = options
  const path = name === undefined ? resourcePath(gvr, namespace) : objectPath(gvr, { namespace, name, subresource })
  return { method: 'POST', path: withQuery(path, writeQuery(options)), body: object, signal: options.signal }
}

function updateCall(gvr: GroupVersionResource, object: KubeObject, options: UpdateOptions): Call {
  const { namespace, name } = object.metadata
  const path = objectPath(gvr, { namespace, name, subresource: options.subresource })
  return { method: 'PUT', path: withQuery(path, writeQuery(options)), body: object, signal: options.signal }
}

function patchCall(gvr: GroupVersionResource, target: Target, how: { patch: Patch; options: WriteOptions }): Call {
  const { patch, options } = how
  const force = patch.type === 'apply' && patch.force ? { force: true } : {}
  return {
    method: 'PATCH',
    path: withQuery(objectPath(gvr, target), { ...writeQuery(options), ...force }),
    headers: { 'content-type': patchTypes[patch.type] },
    body: patch.body,
    signal: options.signal,
  }
}

function deleteCollectionCall(gvr: GroupVersionResource, options: ListOptions & DeleteOptions): Call {
  const { resourceVersion: _, ...selection } = options
  return {
    method: 'DELETE',
    path: withQuery(resourcePath(gvr, options.namespace), listQuery(selection)),
    body: deleteBody(options),
    signal: options.signal,
  }
}

async function* watch<T extends KubeObject>(
  transport: Transport,
  request: TransportRequest,
): AsyncGenerator<WatchEvent<T>> {
  try {
    const response = await transport(request)
    if (response.status >= 400) throw statusErrorOf(response.status, await readText(response), response.headers)
    yield* watchEvents<T>(response.body)
  } catch (error) {
    if (!request.signal?.aborted) throw error
  }
}

/** Items of typed lists come without apiVersion and kind; the list's own kind tells both. */
function completeItems<T extends KubeObject>(list: KubeList<T>): KubeList<T> {
  const kind = list.kind.endsWith('List') ? list.kind.slice(0, -'List'.length) : ''
  const items = Array.isArray(list.items) ? list.items : []
  for (const item of items) {
    if (!isJsonObject(item) || kind === '' || item.kind !== undefined) continue
    Object.assign(item, { apiVersion: list.apiVersion, kind })
  }
  return { ...list, items }
}
