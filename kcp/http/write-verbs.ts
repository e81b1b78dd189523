// create, update, patch and delete of resources.
import { isJsonObject, type JsonObject, type JsonValue, parseSentJson } from '../../api/json.ts'
import { badRequest, type FieldError, failure, invalid, unsupportedMediaType } from '../../api/status-error.ts'
import { yamlProblems } from '../registry/body-checks.ts'
import type { DeleteOptions, DeleteResult, PropagationPolicy } from '../registry/delete.ts'
import type { WriteResult } from '../registry/modify.ts'
import type { WriteTarget } from '../registry/parts.ts'
import type { PatchBody, PatchType } from '../registry/patch.ts'
import type { ResourceType } from '../registry/resource.ts'
import { scaleOf } from '../registry/scale.ts'
import { parseObject } from '../registry/stored-object.ts'
import { forbiddenField, requiredValue } from '../schema/field-errors.ts'
import { decodeBody, decodeWithDuplicates, parseYaml, textOf } from './decode-body.ts'
import { findDuplicateFields } from './duplicate-fields.ts'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import { goSyntaxError } from './json-syntax.ts'
import { bareType } from './media-type.ts'
import { listResponse, objectResponse, viewOf } from './object-response.ts'
import { listOptionsOf, unsupported } from './read-options.ts'
import { isTrue } from './request-info.ts'
import type { ResourceCall, ResourceParts } from './resource-handler.ts'
import { jsonResponse } from './responses.ts'
import { writeTargetOf } from './write-request.ts'

export async function createResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  const { target, body } = await readWrite(parts, call, 'CreateOptions')
  const stored = await parts.registry.create(target, body)
  return objectResponse(201, view, stored)
}

export async function updateResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { target, body } = await readWrite(parts, call, 'UpdateOptions')
  return written(parts, call, await parts.registry.update(target, body))
}

async function readWrite(parts: ResourceParts, call: ResourceCall, kind: 'CreateOptions' | 'UpdateOptions') {
  const { request, type } = call
  const target = writeTargetOf(parts, call, kind)
  // Looking for duplicates reads the text once more: only for clients that ask.
  const isAsked = target.fieldValidation !== 'Ignore' && request.query.has('fieldValidation')
  if (!isAsked) return { target, body: await decodeBody(request, type.kind) }
  const { body, ...duplicates } = await decodeWithDuplicates(request, type.kind)
  return { target: { ...target, ...duplicates }, body }
}

export async function patchResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { patch, duplicateFields, duplicateLines } = await readPatch(call)
  const target = { ...writeTargetOf(parts, call, 'PatchOptions'), duplicateFields }
  reportAppliedTwice(target, duplicateLines)
  return written(parts, call, await parts.registry.patch(target, patch))
}

async function written(parts: ResourceParts, call: ResourceCall, result: WriteResult): Promise<ApiResponse> {
  const { request, type, info } = call
  const status = result.created ? 201 : 200
  if (info.subresource === 'scale') return jsonResponse(status, scaleOf(type, parseObject(type, result.stored)))
  return objectResponse(status, viewOf(type, request, parts.now()), result.stored)
}

const patchTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}
/** Groups whose kinds have Go types: only these know strategic merge, even where kcp serves them as bound resources. */
const nativeGroup = /^(?:|apps|batch|autoscaling|policy|events\.k8s\.io|extensions|.+\.k8s\.io)$/

function patchTypesOf(type: ResourceType): PatchType[] {
  const isNative = type.origin === 'native' || (type.origin !== 'custom' && nativeGroup.test(type.group))
  return isNative ? ['json', 'merge', 'strategic', 'apply'] : ['json', 'merge', 'apply']
}

interface ReadPatch {
  readonly patch: PatchBody
  readonly duplicateFields: readonly string[]
  readonly duplicateLines: readonly string[]
}

function reportAppliedTwice({ fieldValidation, context }: WriteTarget, lines: readonly string[]): void {
  if (lines.length === 0 || fieldValidation === 'Ignore') return
  if (fieldValidation === 'Strict')
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${yamlProblems(lines)}`)
  for (const line of lines) context.warn(line)
}

async function readPatch({ request, type }: ResourceCall): Promise<ReadPatch> {
  const contentType = bareType(request.headers['content-type'])
  const allowed = patchTypesOf(type)
  const patchType = allowed.find(each => patchTypes[each] === contentType)
  if (!patchType) throw unknownPatchType(type, allowed)
  checkPatchOptions(request.query, patchType)
  const text = textOf(await request.body())
  // Looking for duplicates reads the text once more: only for clients that ask.
  const isAsked = request.query.has('fieldValidation')
  const force = isTrue(request.query.get('force'))
  if (patchType === 'apply') {
    const { value, duplicateLines } = await parseYaml(text)
    const lines = isAsked ? duplicateLines() : []
    return { patch: { type: patchType, body: value, force }, duplicateFields: [], duplicateLines: lines }
  }
  const body = parsePatch(text, patchType)
  const duplicateFields = isAsked && patchType !== 'json' ? findDuplicateFields(text) : []
  return { patch: { type: patchType, body, force }, duplicateFields, duplicateLines: [] }
}

function checkPatchOptions(query: URLSearchParams, patchType: PatchType): void {
  const errors: FieldError[] = []
  if (patchType !== 'apply' && query.has('force')) {
    errors.push(forbiddenField('force', 'may not be specified for non-apply patch'))
  }
  if (patchType === 'apply' && !query.get('fieldManager')) {
    errors.push(requiredValue('fieldManager', 'is required for apply patch'))
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors)
}

/** Kubernetes' own types are behind a mux that names no alternatives. */
function unknownPatchType({ origin }: ResourceType, allowed: readonly PatchType[]) {
  if (origin === 'native') return failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  return unsupportedMediaType(allowed.map(each => patchTypes[each]))
}

function parsePatch(text: string, patchType: PatchType): JsonValue {
  const prefix = patchType === 'strategic' ? '' : 'error decoding patch: '
  try {
    const body = parseSentJson(text)
    if (patchType === 'json' || isJsonObject(body)) return body
    if (body === null && patchType === 'strategic') return {}
    if (body === null) throw badRequest('Invalid JSON Patch')
    throw badRequest(`${prefix}json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`)
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`${prefix}${goSyntaxError(error, text)}`)
    throw error
  }
}

function goKind(value: JsonValue): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'number'
}

export async function deleteResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  const target = writeTargetOf(parts, call, 'DeleteOptions')
  const body = await readDeleteOptions(request)
  const context = { ...target.context, dryRun: target.context.dryRun || isDryRunBody(body) }
  const result = await parts.registry.delete({ ...target, context }, deleteOptionsOf(body, request))
  return result.gone ? deletedStatus(type, result) : objectResponse(200, view, result.stored)
}

export async function deleteResources(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  const target = writeTargetOf(parts, call, 'DeleteOptions')
  const options = deleteOptionsOf(await readDeleteOptions(request), request)
  const list = listOptionsOf(type, request.query)
  return listResponse(view, await parts.registry.deleteCollection(target, { list, delete: options }))
}

function deletedStatus(type: ResourceType, { object }: DeleteResult): ApiResponse {
  const { name, uid } = object.metadata
  return jsonResponse(200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource, uid },
  })
}

async function readDeleteOptions(request: ApiRequest): Promise<JsonObject> {
  const bytes = await request.body()
  if (bytes.length === 0) return {}
  const body = await decodeBody({ ...request, body: async () => bytes }, 'DeleteOptions')
  if (!isJsonObject(body)) throw badRequest('the body of a DELETE must be DeleteOptions')
  return body
}

function isDryRunBody({ dryRun }: JsonObject): boolean {
  return Array.isArray(dryRun) && dryRun.includes('All')
}

function deleteOptionsOf(body: JsonObject, { query }: ApiRequest): DeleteOptions {
  const preconditions = isJsonObject(body.preconditions) ? body.preconditions : {}
  const { uid, resourceVersion } = preconditions
  const policy = policyOf(body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined)
  const orphan = body.orphanDependents ?? query.get('orphanDependents') ?? undefined
  if (policy !== undefined && orphan !== undefined) throw bothPolicies(policy)
  const propagationPolicy = policy ?? (orphan === true || orphan === 'true' ? 'Orphan' : undefined)
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  }
}

function policyOf(value: JsonValue | undefined): PropagationPolicy | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (value === 'Background' || value === 'Foreground' || value === 'Orphan') return value
  const supported = ['Foreground', 'Background', 'Orphan', 'nil']
  throw unsupported('DeleteOptions', { field: 'propagationPolicy', printed: JSON.stringify(value), supported })
}

function bothPolicies(policy: PropagationPolicy) {
  const text = 'orphanDependents and deletionPropagation cannot be both set'
  const message = `Invalid value: ${JSON.stringify(policy)}: ${text}`
  return invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
    { field: 'propagationPolicy', type: 'FieldValueInvalid', message },
  ])
}
