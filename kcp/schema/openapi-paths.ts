// Paths of OpenAPI documents. Types that differ in names only have the same paths but for those names: the text is made
// once and filled in.
import type { JsonObject, JsonValue } from '../../api/json.ts'
import { metaPackage } from './openapi-components.ts'
import {
  type Operation,
  type OperationPath,
  type PathNames,
  pathNames,
  pathsOfType,
  type QueryParameter,
  queryParameters,
} from './openapi-operations.ts'
import { asConstant } from './openapi-protobuf.ts'
import type { ServedType } from './served-type.ts'

export function writeV3Path({ pathParameters, operations }: OperationPath): JsonObject {
  const parameters = pathParameters.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return {
    parameters: [...parameters, { name: 'pretty', in: 'query', schema: { type: 'string' } }],
    ...Object.fromEntries(operations.map(operation => [operation.method, writeV3Operation(operation)])),
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

const pathParameter = (name: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  type: 'string',
  uniqueItems: true,
})
const queryParameter = ({ name, type }: QueryParameter): JsonObject => ({ name, in: 'query', type, uniqueItems: true })

/** Old kubectl looks for these two where they are used, and does not follow references. */
const inlineNames = new Set(['dryRun', 'fieldValidation'])

/** `parameters` of a v2 document, to which its paths refer. */
export const v2Parameters: JsonObject = {
  namespace: pathParameter('namespace'),
  ...Object.fromEntries(
    queryParameters.filter(({ name }) => !inlineNames.has(name)).map(each => [each.name, queryParameter(each)]),
  ),
}

const shared = (name: string): JsonObject => ({ $ref: `#/parameters/${name}` })
const v2PathParameters = new Map<string, JsonValue[]>()

export function writeV2Path({ pathParameters, operations }: OperationPath): JsonObject {
  const key = pathParameters.join()
  const written = () => pathParameters.map(name => (name === 'namespace' ? shared(name) : pathParameter(name)))
  const parameters = v2PathParameters.get(key) ?? asConstant(written())
  v2PathParameters.set(key, parameters)
  return {
    parameters,
    ...Object.fromEntries(operations.map(operation => [operation.method, writeV2Operation(operation)])),
  }
}

const produces = asConstant(['application/json', 'application/yaml'])
const schemes = asConstant(['https'])
const v2Consumes = new Map<readonly string[], JsonValue[]>()

function writeV2Operation(operation: Operation): JsonObject {
  const { query, body, response, consumes = anyType } = operation
  const written = v2Consumes.get(consumes) ?? asConstant([...consumes])
  v2Consumes.set(consumes, written)
  return {
    ...commonFacts(operation),
    consumes: written,
    produces,
    schemes,
    parameters: v2OperationParameters(query, body),
    responses: { 200: { description: 'OK', schema: { $ref: `#/definitions/${response}` } } },
  }
}

/** By query and then by body, where that is of no kind: the same for all types. */
const v2KnownParameters = new Map<readonly QueryParameter[], Map<string, JsonValue[]>>()

function v2OperationParameters(query: readonly QueryParameter[], body: string | undefined): JsonValue[] {
  if (body !== undefined && !body.startsWith(metaPackage)) return writeV2Parameters(query, body)
  const known = v2KnownParameters.get(query) ?? new Map<string, JsonValue[]>()
  v2KnownParameters.set(query, known)
  const parameters = known.get(body ?? '') ?? asConstant(writeV2Parameters(query, body))
  known.set(body ?? '', parameters)
  return parameters
}

function writeV2Parameters(query: readonly QueryParameter[], body: string | undefined): JsonValue[] {
  const schema = { $ref: `#/definitions/${body}` }
  return [
    ...(body === undefined ? [] : [{ name: 'body', in: 'body', required: true, schema }]),
    ...query.map(each => (inlineNames.has(each.name) ? queryParameter(each) : shared(each.name))),
  ]
}

/** Characters for private use, which no document has, in place of each name. */
const holders: PathNames = {
  group: '\ue000',
  version: '\ue001',
  kind: '\ue002',
  resource: '\ue003',
  base: '\ue004',
  component: '\ue005',
  groupVersion: '\ue006',
}
const holderPattern = /([\ue000-\ue006])/
const nameOfHolder = new Map(Object.entries(holders).map(([name, holder]) => [holder, name as keyof PathNames]))

const templates = new Map<string, readonly string[]>()
/** There are few; what only one type has is made again. */
const templatesMax = 1000

/** Members of `paths`, without braces. */
export function pathsText(type: ServedType, form: 'v2' | 'v3'): string {
  const template = templateOf(type, form)
  const names = pathNames(type)
  let text = ''
  for (const part of template) {
    const name = part.length === 1 ? nameOfHolder.get(part) : undefined
    text += name === undefined ? part : names[name]
  }
  return text
}

function templateOf(type: ServedType, form: 'v2' | 'v3'): readonly string[] {
  const { namespaced, verbs, subresources, schema } = type
  const facts = [form, namespaced, verbs, subresources, schema.component === undefined]
  const key = JSON.stringify(facts)
  let template = templates.get(key)
  if (template === undefined) {
    const write = form === 'v2' ? writeV2Path : writeV3Path
    const paths = pathsOfType(type, holders).map(path => [path.path, write(path)] as const)
    template = JSON.stringify(Object.fromEntries(paths)).slice(1, -1).split(holderPattern)
    if (templates.size >= templatesMax) templates.clear()
    templates.set(key, template)
  }
  return template
}
