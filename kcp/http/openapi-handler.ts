// /openapi/v3 (an index, and a document per group version) and /openapi/v2. Documents are JSON; v2 is protobuf too.
import { hash } from 'node:crypto'
import { notAcceptable } from '../../api/status-error.ts'
import { findComponent } from '../apis/native-schema.ts'
import type { ApiSet, Catalog } from '../registry/resource.ts'
import { compileSchema } from '../schema/compile.ts'
import { contentHash, documentTypes, openApiV3Document, openApiV3Index } from '../schema/openapi.ts'
import { createOpenApiWriter } from '../schema/openapi-writer.ts'
import type { ServedType } from '../schema/served-type.ts'
import { createDocumentCache, documentResponse } from './cached-documents.ts'
import type { ApiRequest, ApiResponse, PathHandler } from './exchange.ts'
import { parseAccept } from './media-type.ts'
import { jsonType } from './responses.ts'

const openApiPath = /^\/openapi\/(v2|v3)(?:\/(.+?))?\/?$/
const jsonTypes = new Set([jsonType, 'application/*', '*/*', ''])
const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
/** Clients name it with an @, which Go's parser of media types refuses in an answer. */
const protobufTypes = new Set([protobufType, protobufType.replace('.v1.0', '@v1.0')])

export function createOpenApiHandler(catalog: Catalog, version: string): PathHandler {
  const cached = createDocumentCache()
  const write = createOpenApiWriter({ findComponent, version })
  const edition = editionOf(version)
  const contents = new WeakMap<ApiSet, string>()
  const contentOf = (apis: ApiSet): string => {
    const content = contents.get(apis) ?? contentHash(apis.types, edition)
    contents.set(apis, content)
    return content
  }
  const wholeOf = (apis: ApiSet, contentType: string) => {
    const form = contentType === protobufType ? 'v2-protobuf' : 'v2'
    return cached(`${form} ${contentOf(apis)}`, () => write(apis.types, form))
  }
  const indexOf = (apis: ApiSet, request: ApiRequest) => {
    const pathPrefix = prefixOf(request)
    return cached(`index ${pathPrefix} ${apis.hash}`, () =>
      JSON.stringify(openApiV3Index(apis.types, { pathPrefix, version: edition })),
    )
  }
  return async request => {
    const [, generation, name] = openApiPath.exec(request.path) ?? []
    if (generation === undefined || (generation === 'v2' && name !== undefined)) return undefined
    const contentType = contentTypeFor(generation, request.headers.accept)
    const apis = catalog.apisOf(request.cluster)
    if (name === undefined) {
      const document = await (generation === 'v3' ? indexOf(apis, request) : wholeOf(apis, contentType))
      return document && documentResponse(request, document, { 'content-type': contentType })
    }
    const types = documentTypes(apis.types).get(name)
    if (types === undefined) return undefined
    const content = contentHash(types, edition)
    const asked = request.query.get('hash') ?? ''
    if (asked !== '' && asked !== content) return movedTo(`${prefixOf(request)}/openapi/v3/${name}?hash=${content}`)
    const document = await cached(`v3 ${content}`, () => write(types, 'v3'))
    return document && documentResponse(request, document, { 'content-type': contentType, ...cachingOf(asked) })
  }
}

const sample: ServedType = {
  group: 'sample',
  version: 'v1',
  resource: 'samples',
  kind: 'Sample',
  listKind: 'SampleList',
  singular: 'sample',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  origin: 'custom',
  schema: compileSchema({ type: 'object', properties: { spec: { type: 'object', nullable: true } } }),
}

/** URLs with a hash are for ever: a server that writes documents in other words has others, also under one version. */
function editionOf(version: string): string {
  const document = JSON.stringify(openApiV3Document([sample], { findComponent, version }))
  return `${version} ${hash('sha256', document, 'base64url')}`
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
function prefixOf({ clusterPath }: ApiRequest): string {
  return clusterPath === '' ? '' : `/clusters/${clusterPath}`
}

function movedTo(location: string): ApiResponse {
  return { status: 301, headers: { location, vary: 'Accept' }, body: '' }
}

const secondsOfYear = 31_536_000

/** A URL that names the content may be kept for ever. */
function cachingOf(hash: string): Readonly<Record<string, string>> {
  return hash === '' ? {} : { 'cache-control': `public, immutable, max-age=${secondsOfYear}` }
}
