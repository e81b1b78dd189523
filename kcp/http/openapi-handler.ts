// /openapi/v3 (an index, and a document per group version) and /openapi/v2. Documents are JSON.
import { notAcceptable } from '../../api/status-error.ts'
import { findComponent } from '../apis/native-schema.ts'
import type { ApiSet, Catalog } from '../registry/resource.ts'
import { openApiV2Document, openApiV3Document, openApiV3Index } from '../schema/openapi.ts'
import { createDocumentCache, type DocumentCache } from './cached-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept } from './media-type.ts'
import { jsonType } from './responses.ts'

const openApiPath = /^\/openapi\/(v2|v3)(?:\/(.+?))?\/?$/
const acceptedTypes = new Set([jsonType, 'application/*', '*/*', ''])

export function createOpenApiHandler(catalog: Catalog, version: string): PathHandler {
  const cached = createDocumentCache()
  return async request => {
    const [, generation, name] = openApiPath.exec(request.path) ?? []
    if (generation === undefined || (generation === 'v2' && name !== undefined)) return undefined
    const accepted = parseAccept(request.headers.accept ?? '')
    if (!accepted.some(clause => acceptedTypes.has(clause.type))) throw notAcceptable([jsonType])
    const apis = catalog.apisOf(request.cluster)
    if (generation === 'v3' && name === undefined) return answer(request, apis, indexOf(apis, request))
    const document = documentOf(cached, apis, { name, version })
    return document === undefined ? undefined : answer(request, apis, document)
  }
}

/** URLs keep the logical cluster as the client typed it. */
function indexOf(apis: ApiSet, { clusterPath }: ApiRequest): string {
  const pathPrefix = clusterPath === '' ? '' : `/clusters/${clusterPath}`
  return JSON.stringify(openApiV3Index(apis.types, { pathPrefix, hash: apis.hash }))
}

function documentOf(
  cached: DocumentCache,
  apis: ApiSet,
  { name, version }: { name: string | undefined; version: string },
) {
  const options = { findComponent, version }
  return cached(apis, name ?? '', () => {
    const found =
      name === undefined ? openApiV2Document(apis.types, options) : openApiV3Document(apis.types, name, options)
    return found && JSON.stringify(found)
  })
}

const secondsOfYear = 31_536_000

/** A URL that names the content may be kept for ever. */
function answer(request: ApiRequest, { hash }: ApiSet, document: string): ApiResponse {
  const etag = `"${hash}"`
  const isNamed = request.query.get('hash') === hash
  const caching = isNamed ? { 'cache-control': `public, immutable, max-age=${secondsOfYear}` } : {}
  const headers = { 'content-type': jsonType, vary: 'Accept', etag, ...caching }
  const isKnown = request.headers['if-none-match'] === etag
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: document }
}
