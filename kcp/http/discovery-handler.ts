// /api, /apis and everything discovery reads below them, in the legacy and the aggregated form. Documents are made once
// per set of types, not per logical cluster.
import type { ApiSet, Catalog } from '../registry/resource.ts'
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupsOf,
} from './discovery-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept } from './media-type.ts'
import { jsonType } from './responses.ts'

const discoveryPath = /^\/(?:api(?:\/([^/]+))?|apis(?:\/([^/]+))?(?:\/([^/]+))?)\/?$/

export function createDiscoveryHandler(catalog: Catalog, serverAddress: () => string): PathHandler {
  const documents = new WeakMap<ApiSet, Map<string, ApiResponse | undefined>>()

  return async request => {
    if (request.path === '/') return rootPaths(catalog.apisOf(request.cluster))
    const match = discoveryPath.exec(request.path)
    if (!match) return undefined
    const apis = catalog.apisOf(request.cluster)
    const aggregated = isRootOfDiscovery(request.path) ? aggregatedVersion(request.headers.accept) : undefined
    const key = `${aggregated ?? ''} ${request.path}`
    let cached = documents.get(apis)
    if (!cached) {
      cached = new Map()
      documents.set(apis, cached)
    }
    if (!cached.has(key)) cached.set(key, makeDocument(apis, match, { aggregated, serverAddress: serverAddress() }))
    const response = cached.get(key)
    return response && notModified(request, response)
  }
}

function isRootOfDiscovery(path: string): boolean {
  return /^\/apis?\/?$/.test(path)
}

/** The version of the aggregated form the client prefers over the legacy one. */
function aggregatedVersion(accept: string | undefined): string | undefined {
  for (const { type, parameters } of parseAccept(accept ?? '')) {
    const { g, v, as } = parameters
    if (type !== jsonType && type !== '*/*') continue
    if (as === undefined) return undefined
    const isKnown = g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList'
    if (isKnown && (v === 'v2' || v === 'v2beta1')) return v
  }
  return undefined
}

interface DocumentOptions {
  readonly aggregated: string | undefined
  readonly serverAddress: string
}

function makeDocument(apis: ApiSet, match: RegExpExecArray, options: DocumentOptions): ApiResponse | undefined {
  const [path, coreVersion, group, version] = match
  const { aggregated, serverAddress } = options
  const isCore = !path.startsWith('/apis')
  if (aggregated !== undefined) {
    const contentType = `${jsonType};g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`
    return documentResponse(aggregatedDiscovery(apis, isCore, aggregated), contentType, apis.hash)
  }
  const document = isCore
    ? coreVersion === undefined
      ? apiVersions(serverAddress)
      : apiResourceList(apis, '', coreVersion)
    : group === undefined
      ? apiGroupList(apis, serverAddress)
      : version === undefined
        ? apiGroup(apis, group)
        : apiResourceList(apis, group, version)
  return document && documentResponse(document, jsonType, apis.hash)
}

function documentResponse(document: object, contentType: string, hash: string): ApiResponse {
  const headers = { 'content-type': contentType, vary: 'Accept', etag: `"${hash}"` }
  return { status: 200, headers, body: JSON.stringify(document) }
}

function notModified(request: ApiRequest, response: ApiResponse): ApiResponse {
  const { etag } = response.headers
  if (etag === undefined || request.headers['if-none-match'] !== etag) return response
  return { ...response, status: 304, body: '' }
}

function rootPaths(apis: ApiSet): ApiResponse {
  const groups = groupsOf(apis).filter(group => group.name !== '')
  const paths = [
    '/api',
    '/api/v1',
    '/apis',
    ...groups.flatMap(({ name, versions }) => [
      `/apis/${name}`,
      ...versions.map(version => `/apis/${name}/${version}`),
    ]),
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ]
  return { status: 200, headers: { 'content-type': jsonType }, body: JSON.stringify({ paths }) }
}
