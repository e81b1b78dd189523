// /api, /apis and everything discovery reads below them, in the legacy and the aggregated form.
import type { JsonObject } from '../../api/json.ts'
import { notAcceptable, resourceNotFound } from '../../api/status-error.ts'
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
import { type CachedDocument, createDocumentCache, documentResponse } from './cached-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept, servedTypes } from './media-type.ts'
import { jsonResponse, jsonType, requireGet, yamlType } from './responses.ts'
import { yamlResponse } from './yaml-response.ts'

const discoveryPath = /^\/(?:(api)(?:\/([^/]+))?|(apis)(?:\/([^/]+))?(?:\/([^/]+))?)\/?$/

export function createDiscoveryHandler(catalog: Catalog, serverAddress: () => string): PathHandler {
  const cached = createDocumentCache()

  return async request => {
    if (request.path === '/') return rootPaths(catalog.apisOf(request.cluster))
    const match = discoveryPath.exec(request.path)
    if (!match) return undefined
    const [, core, coreVersion] = match
    if (core !== undefined && coreVersion === undefined) requireGet(request.method)
    const apis = catalog.apisOf(request.cluster)
    const form = formFor(request, match)
    const name = `${apis.hash} ${form.version} ${request.path}`
    const made =
      form.version === '' ? () => legacy(apis, match, { serverAddress: serverAddress() }) : () => aggregated(apis, form)
    const document = await cached(name, () => {
      const found = made()
      return found && JSON.stringify(found)
    })
    if (document === undefined && core !== undefined) throw resourceNotFound()
    if (document === undefined) return undefined
    if (form.contentType === yamlType) return yamlOf(document)
    const caching = form.version === '' ? undefined : { 'cache-control': 'public' }
    return documentResponse(request, document, { 'content-type': form.contentType, ...caching })
  }
}

async function yamlOf({ body }: CachedDocument): Promise<ApiResponse> {
  const { headers, ...response } = await yamlResponse(200, JSON.parse(String(body)))
  return { ...response, headers: { ...headers, vary: 'Accept' } }
}

interface DiscoveryForm {
  readonly part: 'api' | 'apis'
  /** Of the aggregated form; '' for the legacy one. */
  readonly version: string
  readonly contentType: string
}

const jsonTypes = new Set([jsonType, 'application/*', '*/*', ''])

/** The first clause we can serve; only /api and /apis have an aggregated form. */
function formFor(request: ApiRequest, match: RegExpExecArray): DiscoveryForm {
  const [, core, coreVersion, , group] = match
  const part = core ? 'api' : 'apis'
  const isRoot = coreVersion === undefined && group === undefined
  for (const { type, parameters } of parseAccept(request.headers.accept ?? '')) {
    const { g, v, as } = parameters
    const isJson = jsonTypes.has(type)
    if (as === undefined && (isJson || type === yamlType)) {
      return { part, version: '', contentType: isJson ? jsonType : yamlType }
    }
    const isKnown = isJson && g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList'
    if (!isRoot || !isKnown || (v !== 'v2' && v !== 'v2beta1')) continue
    return { part, version: v, contentType: `${jsonType};g=${g};v=${v};as=${as}` }
  }
  throw notAcceptable(servedTypes)
}

/** Both versions have the same members. */
function aggregated({ types }: ApiSet, { part, version }: DiscoveryForm): JsonObject {
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
