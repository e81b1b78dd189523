// OpenAPI documents of one logical cluster: v3 (an index and a document per group version) and the whole as v2.
// Leaves out: protobuf (openapi-protobuf.ts), ETags and caching; responses and errors beside the first are not described.
import { hash } from 'node:crypto'
import type { JsonObject } from '../../api/json.ts'
import { collectComponents, type FindComponent, type WriteSchema, writeV3Schema } from './openapi-components.ts'
import { pathsOfType } from './openapi-operations.ts'
import { v2Parameters, writeV2Path, writeV3Path } from './openapi-paths.ts'
import { writeV2Definition } from './openapi-v2-schema.ts'
import type { ServedType } from './served-type.ts'

export interface OpenApiOptions {
  /** Schemas of ObjectMeta and the like, and of native types, by bare name. */
  readonly findComponent: FindComponent
  /** info.version. */
  readonly version: string
  /** Components to show beside those the types need. */
  readonly alsoNeeded?: readonly string[]
}

export interface OpenApiIndexOptions {
  /** `/clusters/<name>`, so that clients stay in their logical cluster; '' at the root. */
  readonly pathPrefix: string
  /** info.version. */
  readonly version: string
}

/** `/openapi/v3`. The hash in a URL names the content behind it. */
export function openApiV3Index(types: readonly ServedType[], { pathPrefix, version }: OpenApiIndexOptions): JsonObject {
  const paths = [...documentTypes(types)].map(([name, served]) => {
    const url = `${pathPrefix}/openapi/v3/${name}?hash=${contentHash(served, version)}`
    return [name, { serverRelativeURL: url }] as const
  })
  return { paths: Object.fromEntries(paths.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

/** `api/v1` or `apis/<group>/<version>`, with what is served there. */
export function documentTypes(types: readonly ServedType[]): Map<string, readonly ServedType[]> {
  const found = new Map<string, ServedType[]>()
  for (const type of types) {
    const name = documentName(type)
    const served = found.get(name)
    if (served) served.push(type)
    else found.set(name, [type])
  }
  return found
}

/** Equal for equal documents: what they say of their types, and the version of the server that writes them. */
export function contentHash(types: readonly ServedType[], version: string): string {
  return hash('sha512', [version, ...types.map(typeHash)].join('\n'), 'hex').toUpperCase()
}

const typeHashes = new WeakMap<ServedType, string>()
const schemaHashes = new WeakMap<JsonObject, string>()

function typeHash(type: ServedType): string {
  let known = typeHashes.get(type)
  if (known === undefined) {
    const { group, version, resource, kind, listKind, namespaced, verbs, subresources } = type
    const facts = { group, version, resource, kind, listKind, namespaced, verbs, subresources }
    known = hash('sha256', JSON.stringify(facts) + schemaHash(type.schema), 'base64url')
    typeHashes.set(type, known)
  }
  return known
}

/** Native schemas change with the server only. */
function schemaHash({ component, openApi }: ServedType['schema']): string {
  if (component !== undefined) return component
  let known = schemaHashes.get(openApi)
  if (known === undefined) {
    known = hash('sha256', JSON.stringify(openApi), 'base64url')
    schemaHashes.set(openApi, known)
  }
  return known
}

function documentName({ group, version }: ServedType): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/** `/openapi/v3/<name>` of the types served there. */
export function openApiV3Document(served: readonly ServedType[], options: OpenApiOptions): JsonObject {
  return {
    openapi: '3.0.0',
    info: infoOf(options),
    paths: Object.fromEntries(served.flatMap(type => pathsOfType(type)).map(path => [path.path, writeV3Path(path)])),
    components: { schemas: writeSchemas(served, options, writeV3Schema) },
  }
}

/** `/openapi/v2`, everything in one. */
export function openApiV2Document(types: readonly ServedType[], options: OpenApiOptions): JsonObject {
  return {
    swagger: '2.0',
    info: infoOf(options),
    paths: Object.fromEntries(types.flatMap(type => pathsOfType(type)).map(path => [path.path, writeV2Path(path)])),
    definitions: writeSchemas(types, options, writeV2Definition),
    parameters: v2Parameters,
  }
}

export function infoOf({ version }: Pick<OpenApiOptions, 'version'>): JsonObject {
  return { title: 'Kubernetes', version }
}

export function writeSchemas(
  types: readonly ServedType[],
  { findComponent, alsoNeeded }: OpenApiOptions,
  write: WriteSchema,
): JsonObject {
  const schemas = collectComponents(types, findComponent, alsoNeeded)
  return Object.fromEntries([...schemas].map(([key, schema]) => [key, write(schema)]))
}
