// /openapi/v3 (an index, and a document per group version) and /openapi/v2. Documents are JSON; v2 is protobuf too.
import { notAcceptable } from '../../api/status-error.ts'
import { findComponent } from '../apis/native-schema.ts'
import type { ApiSet, Catalog } from '../registry/resource.ts'
import { openApiV2Document, openApiV3Document, openApiV3Index } from '../schema/openapi.ts'
import { encodeOpenApiV2 } from '../schema/openapi-protobuf.ts'
import { createDocumentCache, type DocumentCache } from './cached-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept } from './media-type.ts'
import { jsonType } from './responses.ts'

const openApiPath = /^\/openapi\/(v2|v3)(?:\/(.+?))?\/?$/
const jsonTypes = new Set([jsonType, 'application/*', '*/*', ''])
const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
/** Clients name it with an @, which Go's parser of media types refuses in an answer. */
const protobufTypes = new Set([protobufType, protobufType.replace('.v1.0', '@v1.0')])

type Documents = DocumentCache<string | Uint8Array>

interface Wanted {
  /** Of a group version; all in one without it. */
  readonly name: string | undefined
  readonly contentType: string
  readonly version: string
}

export function createOpenApiHandler(catalog: Catalog, version: string): PathHandler {
  const cached: Documents = createDocumentCache()
  return async request => {
    const [, generation, name] = openApiPath.exec(request.path) ?? []
    if (generation === undefined || (generation === 'v2' && name !== undefined)) return undefined
    const contentType = contentTypeFor(generation, request.headers.accept)
    const apis = catalog.apisOf(request.cluster)
    const document =
      generation === 'v3' && name === undefined
        ? indexOf(apis, request)
        : documentOf(cached, apis, { name, contentType, version })
    return document === undefined ? undefined : answer(request, apis, { document, contentType })
  }
}

/** The first clause we can serve wins. */
function contentTypeFor(generation: string, accept = ''): string {
  for (const { type } of parseAccept(accept)) {
    if (jsonTypes.has(type)) return jsonType
    if (generation === 'v2' && protobufTypes.has(type)) return protobufType
  }
  throw notAcceptable([jsonType, ...(generation === 'v2' ? protobufTypes : [])])
}

/** URLs keep the logical cluster as the client typed it. */
function indexOf(apis: ApiSet, { clusterPath }: ApiRequest): string {
  const pathPrefix = clusterPath === '' ? '' : `/clusters/${clusterPath}`
  return JSON.stringify(openApiV3Index(apis.types, { pathPrefix, hash: apis.hash }))
}

function documentOf(cached: Documents, apis: ApiSet, { name, contentType, version }: Wanted) {
  const options = { findComponent, version }
  return cached(apis, `${contentType} ${name ?? ''}`, () => {
    if (name === undefined) {
      const whole = openApiV2Document(apis.types, options)
      return contentType === protobufType ? encodeOpenApiV2(whole) : JSON.stringify(whole)
    }
    const found = openApiV3Document(apis.types, name, options)
    return found && JSON.stringify(found)
  })
}

const secondsOfYear = 31_536_000

interface Content {
  readonly document: string | Uint8Array
  readonly contentType: string
}

/** A URL that names the content may be kept for ever. */
function answer(request: ApiRequest, { hash }: ApiSet, { document, contentType }: Content): ApiResponse {
  const etag = `"${hash}"`
  const isNamed = request.query.get('hash') === hash
  const caching = isNamed ? { 'cache-control': `public, immutable, max-age=${secondsOfYear}` } : {}
  const headers = { 'content-type': contentType, vary: 'Accept', etag, ...caching }
  const isKnown = request.headers['if-none-match'] === etag
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: document }
}
