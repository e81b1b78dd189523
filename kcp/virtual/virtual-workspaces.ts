// Everything below /services/: views of many logical clusters at once, made for one purpose and one kind of client.
// Finds the virtual workspace, asks whether the user may use it, and serves discovery and resources from the core.
// Leaves out: APIExport and initializing workspaces.
import {
  failure,
  methodNotAllowed,
  notFound,
  resourceNotFound,
  serviceUnavailable,
  unauthorized,
} from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Authorizer } from '../auth/authorizer.ts'
import { systemMastersGroup } from '../auth/authorizers/always-allow.ts'
import { denied } from '../auth/denial.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/exchange.ts'
import { parseRequestInfo, type RequestInfo } from '../http/request-info.ts'
import { jsonResponse, pageNotFound } from '../http/responses.ts'
import type { Catalog } from '../registry/resource.ts'
import { findResource, type VirtualResource, type VirtualWorkspace } from './api-domain.ts'
import { discover } from './discovery.ts'
import { getView, listViews, watchViews } from './read-verbs.ts'
import { parseServicesPath, type ServicesPath } from './services-path.ts'
import {
  createSyncTargetApis,
  type SyncTargetApi,
  type SyncTargetApis,
  type SyncTargetApisDeps,
} from './sync-target-apis.ts'
import { createSyncerWorkspace } from './syncer/syncer-workspace.ts'
import { untilChanged } from './until-changed.ts'
import { createUpstream, type Upstream } from './upstream.ts'
import { createUpsyncerWorkspace } from './upsyncer/upsyncer-workspace.ts'
import { createView, deleteView, patchView, updateView, type WriteCall } from './write-verbs.ts'

export interface VirtualWorkspacesDeps extends Omit<SyncTargetApisDeps, 'workloadIdentity' | 'client'> {
  /** May do everything; asked for when the first request comes. */
  readonly client: () => Client
  readonly authorize: Authorizer
  readonly catalog: Catalog
}

export interface VirtualWorkspaces {
  readonly handler: Handler
  /** Once the identities of kcp's own APIs are known; requests wait for it. */
  start(identities: Readonly<Record<string, string>>): void
}

const makers: Readonly<Record<string, (api: SyncTargetApi) => VirtualWorkspace>> = {
  syncer: createSyncerWorkspace,
  upsyncer: createUpsyncerWorkspace,
}

export function createVirtualWorkspaces(deps: VirtualWorkspacesDeps): VirtualWorkspaces {
  const started = Promise.withResolvers<SyncTargetApis>()
  let ready: SyncTargetApis | undefined
  const upstream = createUpstream(deps.client, deps.catalog)
  const made = new WeakMap<SyncTargetApi, Map<string, VirtualWorkspace>>()
  const find = (apis: SyncTargetApis, path: ServicesPath): VirtualWorkspace | undefined => {
    const make = Object.hasOwn(makers, path.name) ? makers[path.name] : undefined
    const api = make && apis.find(path.syncTarget)
    if (!make || !api) return undefined
    const byName = made.get(api) ?? new Map<string, VirtualWorkspace>()
    const workspace = byName.get(path.name) ?? make(api)
    made.set(api, byName.set(path.name, workspace))
    return workspace
  }
  return {
    start(identities) {
      const apis = createSyncTargetApis({
        ...deps,
        client: deps.client(),
        workloadIdentity: identities['workload.kcp.io'] ?? '',
      })
      void apis.synced.then(() => started.resolve(apis))
    },
    async handler(request) {
      const apis = ready ?? (await untilAborted(started.promise, request.signal))
      ready = apis
      const path = parseServicesPath(request.path)
      const workspace = path && find(apis, path)
      if (!path || !workspace) return unresolved(request)
      const inner = { ...request, path: path.path, cluster: path.cluster }
      const info = parseRequestInfo(inner)
      await authorize(deps, { request: { ...inner, info }, path })
      if (!info.isResource) return discover(workspace.resources, path.path)
      const isCurrent = (resource: VirtualResource) =>
        find(apis, path)?.resources.some(({ id }) => id === resource.id) ?? false
      return serve({ request: inner, info, workspace, upstream, catalog: deps.catalog, apis, isCurrent })
    },
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(serviceUnavailable('the server is starting'))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}

function unresolved({ user, method, path }: ApiRequest): ApiResponse {
  if (!user) throw unauthorized()
  if (user.groups.includes(systemMastersGroup)) return pageNotFound()
  const text = `forbidden: User ${JSON.stringify(user.username)} cannot ${method.toLowerCase()} path "${path}"`
  throw failure(403, 'Forbidden', `${text}: Path not resolved to a valid virtual workspace`, {})
}

/** Whoever may sync with a SyncTarget may do everything its virtual workspaces offer. */
async function authorize(
  deps: VirtualWorkspacesDeps,
  { request, path }: { request: ApiRequest; path: ServicesPath },
): Promise<void> {
  const { user, info, cluster } = request
  if (!user || !info) throw unauthorized()
  const { verdict } = await deps.authorize({
    user,
    cluster: path.syncTarget.cluster,
    verb: 'sync',
    isResource: true,
    group: 'workload.kcp.io',
    version: 'v1alpha1',
    resource: 'synctargets',
    subresource: '',
    namespace: '',
    name: path.syncTarget.name,
    path: '',
  })
  if (verdict !== 'allow') throw denied({ user, cluster, ...info })
}

interface ResourceRequest {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly workspace: VirtualWorkspace
  readonly upstream: Upstream
  readonly catalog: Catalog
  readonly apis: SyncTargetApis
  /** Whether the definition is still the one that is served. */
  readonly isCurrent: (resource: VirtualResource) => boolean
}

async function serve(asked: ResourceRequest): Promise<ApiResponse> {
  const { request, info, workspace, upstream } = asked
  const resource = findResource(workspace.resources, info)
  if (!resource) return pageNotFound()
  const verbs = verbsOf(resource, info)
  if (!verbs.includes(info.verb)) throw methodNotAllowed(resource, info.verb)
  const { namespace, name } = resource.namespaced ? info : { ...info, namespace: '' }
  const call = { upstream, cluster: request.cluster, resource, namespace, name }
  if (info.verb === 'list') return listViews(workspace, call, request)
  if (info.verb === 'watch') {
    const end = untilChanged(asked.apis, () => asked.isCurrent(resource), request.signal)
    return watchViews(workspace, call, { request, end })
  }
  if (request.cluster === '*') throw notInAllClusters()
  return serveOne(asked, call)
}

async function serveOne(
  { request, info, workspace, catalog }: ResourceRequest,
  call: Omit<WriteCall, 'subresource' | 'topology'>,
) {
  const subresource = info.subresource === 'status' ? 'status' : ''
  const { group, version, resource } = call.resource
  const topology = () => catalog.apisOf(call.cluster).find(group, version, resource)?.schema.topology
  const write = (): WriteCall => ({ ...call, subresource, topology: isNativeGroup(group) ? topology() : undefined })
  switch (info.verb) {
    case 'get':
      return jsonResponse(200, await getView(workspace, call))
    case 'update':
      return updateView(workspace, write(), request)
    case 'patch':
      return patchView(workspace, write(), request)
    case 'create':
      return createView(workspace, call, request)
    default:
      return deleteView(workspace, call)
  }
}

function verbsOf(resource: VirtualResource, { subresource, name }: RequestInfo): readonly string[] {
  if (subresource === '') return resource.verbs
  if (subresource !== 'status' || !resource.statusVerbs) throw notFound(resource, name)
  return resource.statusVerbs
}

/** Groups whose kinds have Go types: only they know strategic merge. */
function isNativeGroup(group: string): boolean {
  return group === '' || /^(?:apps|batch|autoscaling|policy|extensions)$/.test(group) || group.endsWith('.k8s.io')
}

function notInAllClusters() {
  const { status } = resourceNotFound()
  const causes = [{ reason: 'UnexpectedServerResponse', message: '404 page not found' }]
  return failure(404, 'NotFound', status.message ?? '', { causes })
}
