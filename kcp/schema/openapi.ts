// OpenAPI documents of one logical cluster: v3 (an index and a document per group version) and the whole as v2.
// Leaves out: protobuf (openapi-protobuf.ts), ETags and caching; responses and errors beside the first are not described.
import type { JsonObject } from '../../api/json.ts'
import { collectComponents, type FindComponent, writeV2Schema, writeV3Schema } from './openapi-components.ts'
import { type Operation, type OperationPath, pathsOfType } from './openapi-operations.ts'
import type { ServedType } from './served-type.ts'

export interface OpenApiOptions {
  /** Schemas of ObjectMeta and the like, and of native types, by bare name. */
  readonly findComponent: FindComponent
  /** info.version. */
  readonly version: string
}

export interface OpenApiIndexOptions {
  /** `/clusters/<name>`, so that clients stay in their logical cluster; '' at the root. */
  readonly pathPrefix: string
  /** Names the content: equal hashes, equal documents. */
  readonly hash: string
}

/** `/openapi/v3`. */
export function openApiV3Index(types: readonly ServedType[], { pathPrefix, hash }: OpenApiIndexOptions): JsonObject {
  const names = new Set(types.map(documentName))
  const paths = [...names].sort().map(name => {
    const url = `${pathPrefix}/openapi/v3/${name}?hash=${encodeURIComponent(hash)}`
    return [name, { serverRelativeURL: url }] as const
  })
  return { paths: Object.fromEntries(paths) }
}

/** `api/v1` or `apis/<group>/<version>`. */
function documentName({ group, version }: ServedType): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/** `/openapi/v3/<name>`; undefined when nothing is served there. */
export function openApiV3Document(
  types: readonly ServedType[],
  name: string,
  { findComponent, version }: OpenApiOptions,
): JsonObject | undefined {
  const served = types.filter(type => documentName(type) === name)
  if (served.length === 0) return undefined
  const schemas = [...collectComponents(served, findComponent)].map(([key, schema]) => [key, writeV3Schema(schema)])
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(served.flatMap(pathsOfType).map(path => [path.path, writeV3Path(path)])),
    components: { schemas: Object.fromEntries(schemas) },
  }
}

/** `/openapi/v2`, everything in one. */
export function openApiV2Document(
  types: readonly ServedType[],
  { findComponent, version }: OpenApiOptions,
): JsonObject {
  const definitions = [...collectComponents(types, findComponent)].map(([key, schema]) => [key, writeV2Schema(schema)])
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: Object.fromEntries(types.flatMap(pathsOfType).map(path => [path.path, writeV2Path(path)])),
    definitions: Object.fromEntries(definitions),
  }
}

const anyType = ['*/*']

function commonFacts({ operationId, action, kind }: Operation): JsonObject {
  return {
    operationId,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...kind },
  }
}

function writeV3Path({ pathParameters, operations }: OperationPath): JsonObject {
  const parameters = pathParameters.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return {
    parameters: [...parameters, { name: 'pretty', in: 'query', schema: { type: 'string' } }],
    ...Object.fromEntries(operations.map(operation => [operation.method, writeV3Operation(operation)])),
  }
}

function writeV3Operation(operation: Operation): JsonObject {
  const { query, body, response, consumes = anyType } = operation
  const reference = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } })
  return {
    ...commonFacts(operation),
    parameters: query.map(({ name, type }) => ({ name, in: 'query', schema: { type, uniqueItems: true } })),
    ...(body === undefined
      ? {}
      : {
          requestBody: { content: Object.fromEntries(consumes.map(type => [type, reference(body)])), required: true },
        }),
    responses: { 200: { description: 'OK', content: { 'application/json': reference(response) } } },
  }
}

function writeV2Path({ pathParameters, operations }: OperationPath): JsonObject {
  return {
    parameters: pathParameters.map(name => ({ name, in: 'path', required: true, type: 'string', uniqueItems: true })),
    ...Object.fromEntries(operations.map(operation => [operation.method, writeV2Operation(operation)])),
  }
}

function writeV2Operation(operation: Operation): JsonObject {
  const { query, body, response, consumes = anyType } = operation
  const reference = (name: string) => ({ $ref: `#/definitions/${name}` })
  return {
    ...commonFacts(operation),
    consumes: [...consumes],
    produces: ['application/json', 'application/yaml'],
    schemes: ['https'],
    parameters: [
      ...(body === undefined ? [] : [{ name: 'body', in: 'body', required: true, schema: reference(body) }]),
      ...query.map(({ name, type }) => ({ name, in: 'query', type, uniqueItems: true })),
    ],
    responses: { 200: { description: 'OK', schema: reference(response) } },
  }
}
