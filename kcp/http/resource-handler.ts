// Requests on resources: finds the type, checks that it has the verb, and calls the registry.
import { groupResource } from '../../api/objects.ts'
import {
  badRequest,
  failure,
  methodNotAllowed,
  notFound,
  resourceNotFound,
  StatusError,
} from '../../api/status-error.ts'
import { allClusters } from '../registry/keys.ts'
import type { Registry } from '../registry/registry.ts'
import type { Catalog, ResourceType } from '../registry/resource.ts'
import type { ActiveWatches } from './active-watches.ts'
import { type Connector, connectorKey } from './connector.ts'
import type { ApiRequest, ApiResponse, Handler } from './exchange.ts'
import { negotiate, refuseTableOnly, requireServedType } from './media-type.ts'
import { getResource, listResource, watchResource } from './read-verbs.ts'
import type { RequestInfo } from './request-info.ts'
import { pageNotFound } from './responses.ts'
import type { WatchGroups } from './watch-group.ts'
import { createResource, deleteResource, deleteResources, patchResource, updateResource } from './write-verbs.ts'

export interface ResourceParts {
  readonly registry: Registry
  readonly catalog: Catalog
  readonly watches: ActiveWatches
  readonly groups: WatchGroups
  readonly now: () => Date
  readonly random: () => number
  /** Subresources that are not part of the stored object, by `<group>/<resource>/<subresource>`. */
  readonly connectors: Readonly<Record<string, Connector>>
}

/** One request on a known type. */
export interface ResourceCall {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly type: ResourceType
  /** Wildcard metadata of custom resources: all identities and CRDs of the group resource. */
  readonly allIdentities: boolean
}

type Verb = (parts: ResourceParts, call: ResourceCall) => Promise<ApiResponse>

const verbs: Readonly<Record<string, Verb>> = {
  get: getResource,
  list: listResource,
  watch: watchResource,
  create: createResource,
  update: updateResource,
  patch: patchResource,
  delete: deleteResource,
  deletecollection: deleteResources,
}

export function createResourceHandler(parts: ResourceParts): Handler {
  return async request => {
    const { info } = request
    if (!info) throw new Error('the request was not parsed')
    const call = findType(parts.catalog, request, info)
    if (!call) return notServed(info)
    if (call instanceof StatusError) throw call
    return dispatch(parts, call)
  }
}

function findType(catalog: Catalog, request: ApiRequest, info: RequestInfo): ResourceCall | StatusError | undefined {
  const { group, version, resource, identity } = info
  if (identity === '' && `${info.path}/`.includes(`/${resource}:/`)) {
    return failure(500, 'InternalError', `Internal error occurred: invalid resource "${resource}": missing identity`)
  }
  if (request.cluster === allClusters) return findAcross(catalog, request, info)
  const type = catalog.apisOf(request.cluster).find(group, version, resource)
  if (!type || (identity !== '' && type.identityHash !== identity)) return undefined
  return { request, info, type, allIdentities: false }
}

function findAcross(catalog: Catalog, request: ApiRequest, info: RequestInfo): ResourceCall | StatusError | undefined {
  const { group, version, resource, identity, verb } = info
  if (verb !== 'list' && verb !== 'watch') {
    const text = `${verb} is not supported on resources of kind "${groupResource(info)}" in the \`*\` logical cluster`
    return failure(405, 'MethodNotAllowed', text, { group, kind: resource })
  }
  const isMetadata = negotiate(request.headers.accept, true).form === 'metadata'
  const [type] = catalog.findAcross(group, version, resource, identity, isMetadata)
  if (!type) return undefined
  const isCustom = type.origin === 'bound' || type.origin === 'custom'
  return { request, info, type, allIdentities: isCustom && isMetadata && identity === '' }
}

/** The core group answers a Status, the others the text of a mux. */
function notServed(info: RequestInfo): ApiResponse {
  if (info.group === '') throw resourceNotFound()
  return pageNotFound()
}

const releasingVerbs = ['create', 'update', 'patch']

async function dispatch(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { type, info } = call
  if (isOutOfScope(call)) {
    if (type.origin === 'native') throw resourceNotFound()
    return pageNotFound()
  }
  const connector = parts.connectors[connectorKey(type, info.subresource)]
  if (connector) {
    if (type.origin === 'native' && info.verb === 'create') requireServedType(call.request.headers.accept, false)
    refuseTableOnly(call.request.headers.accept)
    return connector(call)
  }
  const run = runOf(call)
  if (type.origin === 'native') requireServedType(call.request.headers.accept, mayWatch(call))
  if (namedVerbs.has(info.verb)) checkPathName(info.name)
  return run(parts, call)
}

const mayWatch = ({ info }: ResourceCall) => info.verb === 'list' || info.verb === 'watch'

const namedVerbs = new Set(['get', 'update', 'patch', 'delete'])

/** A name must fit into a path, and be a part of its own there. */
function checkPathName(name: string): void {
  const problem = name === '.' || name === '..' ? name : /[/%]/.exec(name)?.[0]
  const may = name === problem ? 'be' : 'contain'
  if (problem !== undefined) {
    throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: may not ${may} '${problem}'`)
  }
}

function runOf({ type, info, request }: ResourceCall): Verb {
  const subresource = Object.hasOwn(type.subresources, info.subresource)
    ? type.subresources[info.subresource]
    : undefined
  if (info.subresource !== '' && !subresource) {
    throw type.origin === 'native' ? resourceNotFound() : notFound(type, info.name)
  }
  // Discovery stops naming writes when a type is about to go; objects must still be released by those who hold them.
  const own = type.terminating ? [...type.verbs, ...releasingVerbs] : type.verbs
  const allowed = subresource ? subresource.verbs : own
  const run = Object.hasOwn(verbs, info.verb) ? verbs[info.verb] : undefined
  if (!run || !allowed.includes(info.verb)) throw notAllowed(type, run ? info.verb : '')
  if (type.origin === 'native') {
    const isPath = namedVerbs.has(info.verb) === (info.name !== '') || info.verb === 'list' || info.verb === 'watch'
    if (!isPath || request.method === 'HEAD') throw notAllowed(type, info.verb)
  }
  if (info.verb === 'update' && info.name === '') throw badRequest('name must be provided')
  if (info.verb === 'create' && info.name !== '') throw notAllowed(type, 'create')
  return run
}

/** Kubernetes' own types are behind a mux that knows no resources. */
export function notAllowed(type: ResourceType, verb: string): StatusError {
  if (type.origin !== 'native') return methodNotAllowed(type, verb)
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** A path with a namespace leads to namespaced types only; one without it only to collections of them. */
function isOutOfScope({ type, info }: ResourceCall): boolean {
  const isNamespaces = info.resource === 'namespaces' && info.group === ''
  // `namespaces/<namespace>/namespaces` leads nowhere.
  if (isNamespaces && info.namespace !== '' && info.name !== info.namespace) return true
  const isInNamespace = info.namespace !== '' && !isNamespaces
  if (isInNamespace || !type.namespaced) return isInNamespace && !type.namespaced
  if (info.verb === 'list' || info.verb === 'watch') return false
  if (type.origin === 'native' && info.name === '') throw notAllowed(type, info.verb)
  return true
}
