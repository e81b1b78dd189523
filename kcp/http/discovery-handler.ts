// /api, /apis and everything discovery reads below them, in the legacy and the aggregated form.
import type { JsonObject } from '../../api/json.ts'
import type { ApiSet, Catalog } from '../registry/resource.ts'
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type DiscoveryOptions,
} from '../schema/discovery.ts'
import { groupTypes } from '../schema/served-type.ts'
import { createDocumentCache } from './cached-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept } from './media-type.ts'
import { jsonResponse, jsonType } from './responses.ts'

const discoveryPath = /^\/(?:(api)(?:\/([^/]+))?|(apis)(?:\/([^/]+))?(?:\/([^/]+))?)\/?$/

export function createDiscoveryHandler(catalog: Catalog, serverAddress: () => string): PathHandler {
  const cached = createDocumentCache()

  return async request => {
    if (request.path === '/') return rootPaths(catalog.apisOf(request.cluster))
    const match = discoveryPath.exec(request.path)
    if (!match) return undefined
    const apis = catalog.apisOf(request.cluster)
    const form = aggregatedForm(request, match)
    const document = cached(apis, `${form?.version ?? ''} ${request.path}`, () => {
      const found = form ? aggregated(apis, form) : legacy(apis, match, { serverAddress: serverAddress() })
      return found && JSON.stringify(found)
    })
    if (document === undefined) return undefined
    return documentResponse(request, { document, etag: `"${apis.hash}"`, contentType: form?.contentType ?? jsonType })
  }
}

interface AggregatedForm {
  readonly part: 'api' | 'apis'
  readonly version: string
  readonly contentType: string
}

/** Only /api and /apis have this form, and only for clients that prefer it to the legacy one. */
function aggregatedForm(request: ApiRequest, match: RegExpExecArray): AggregatedForm | undefined {
  const [, core, coreVersion, , group] = match
  if (coreVersion !== undefined || group !== undefined) return undefined
  for (const { type, parameters } of parseAccept(request.headers.accept ?? '')) {
    const { g, v, as } = parameters
    if (type !== jsonType && type !== '*/*') continue
    if (as === undefined) return undefined
    const isKnown = g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList'
    if (!isKnown || (v !== 'v2' && v !== 'v2beta1')) continue
    return { part: core ? 'api' : 'apis', version: v, contentType: `${jsonType};g=${g};v=${v};as=${as}` }
  }
  return undefined
}

/** Both versions have the same members. */
function aggregated({ types }: ApiSet, { part, version }: AggregatedForm): JsonObject {
  return { ...aggregatedDiscovery(types, part), apiVersion: `apidiscovery.k8s.io/${version}` }
}

function legacy({ types }: ApiSet, match: RegExpExecArray, options: DiscoveryOptions): JsonObject | undefined {
  const [, core, coreVersion, , group, version] = match
  if (core !== undefined) {
    return coreVersion === undefined
      ? apiVersions(options)
      : apiResourceList(types, { group: '', version: coreVersion })
  }
  if (group === undefined) return apiGroupList(types, options)
  return version === undefined ? apiGroup(types, group) : apiResourceList(types, { group, version })
}

interface Document {
  readonly document: string
  readonly etag: string
  readonly contentType: string
}

function documentResponse(request: ApiRequest, { document, etag, contentType }: Document): ApiResponse {
  const headers = { 'content-type': contentType, vary: 'Accept', etag }
  const isKnown = request.headers['if-none-match'] === etag
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: document }
}

function rootPaths({ types }: ApiSet): ApiResponse {
  const groups = groupTypes(types).filter(({ group }) => group !== '')
  const paths = [
    '/api',
    '/api/v1',
    '/apis',
    ...groups.flatMap(({ group, versions }) => [
      `/apis/${group}`,
      ...versions.map(({ version }) => `/apis/${group}/${version}`),
    ]),
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ]
  return jsonResponse(200, { paths })
}
