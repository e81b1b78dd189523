// create, update, patch and delete of resources.
import { goSyntaxError } from '../../api/go-json-syntax.ts'
import { goKind, isJsonObject, type JsonValue, parseSentJson } from '../../api/json.ts'
import { badRequest, type FieldError, failure, unsupportedMediaType } from '../../api/status-error.ts'
import { duplicateField, yamlProblems } from '../registry/body-checks.ts'
import type { DeleteResult } from '../registry/delete.ts'
import type { WriteResult } from '../registry/modify.ts'
import type { WriteTarget } from '../registry/parts.ts'
import type { PatchBody, PatchType } from '../registry/patch.ts'
import type { ResourceType } from '../registry/resource.ts'
import { scaleOf } from '../registry/scale.ts'
import { parseObject } from '../registry/stored-object.ts'
import { forbiddenField, requiredValue } from '../schema/field-errors.ts'
import {
  decodeApplied,
  decodeWithDuplicates,
  type ExpectedBody,
  endlessNumber,
  mayHaveDuplicates,
  textOf,
} from './decode-body.ts'
import { readDeleteOptions } from './delete-options.ts'
import { findDuplicateFields } from './duplicate-fields.ts'
import type { ApiResponse } from './exchange.ts'
import { bareType } from './media-type.ts'
import { listResponse, objectResponse, viewOf } from './object-response.ts'
import { listOptionsOf, refuseInitialEvents } from './read-options.ts'
import { scaleResponse } from './read-verbs.ts'
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
  viewOf(call.type, call.request, parts.now())
  const { target, body } = await readWrite(parts, call, 'UpdateOptions')
  return written(parts, call, await parts.registry.update(target, body))
}

async function readWrite(parts: ResourceParts, call: ResourceCall, kind: 'CreateOptions' | 'UpdateOptions') {
  const { request, type, info } = call
  const target = writeTargetOf(parts, call, kind)
  const expected = info.subresource === 'scale' ? { kind: 'Scale' } : expectedBody(type)
  const { body, ...duplicates } = await decodeWithDuplicates(request, expected)
  return { target: { ...target, ...duplicates }, body }
}

function expectedBody({ kind, origin }: ResourceType): ExpectedBody {
  return { kind, isCustom: origin !== 'native' }
}

export async function patchResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const patchType = patchTypeOf(call)
  if (call.info.name === '') throw badRequest('name must be provided')
  viewOf(call.type, call.request, parts.now())
  const target = writeTargetOf(parts, call, 'PatchOptions', checkPatchOptions(call.request.query, patchType))
  const { patch, duplicateFields, duplicateLines } = await readPatch(call, patchType).catch(async error => {
    // What is not there is told before what is wrong with the patch, but where the patch would create it.
    if (patchType !== 'apply' || target.subresource === 'scale') await parts.registry.get(keyOf(target))
    throw error
  })
  reportAppliedTwice(target, duplicateLines)
  return written(parts, call, await parts.registry.patch({ ...target, duplicateFields }, patch))
}

function keyOf({ type, context, namespace, name }: WriteTarget) {
  return { type, cluster: context.cluster, namespace, name }
}

async function written(parts: ResourceParts, call: ResourceCall, result: WriteResult): Promise<ApiResponse> {
  const { request, type, info } = call
  const status = result.created ? 201 : 200
  const view = viewOf(type, request, parts.now())
  if (info.subresource === 'scale') return scaleResponse(status, view, scaleOf(type, parseObject(type, result.stored)))
  return objectResponse(status, view, result.stored)
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

function patchTypeOf({ request, type }: ResourceCall): PatchType {
  const contentType = bareType(request.headers['content-type'])
  const allowed = patchTypesOf(type)
  const patchType = allowed.find(each => patchTypes[each] === contentType)
  if (!patchType) throw unknownPatchType(type, allowed)
  return patchType
}

async function readPatch({ request }: ResourceCall, type: PatchType): Promise<ReadPatch> {
  const text = textOf(await request.body())
  const force = isTrue(request.query.get('force'))
  if (type === 'apply') {
    const { body, duplicateLines } = await decodeApplied(text)
    return { patch: { type, body, force }, duplicateFields: [], duplicateLines }
  }
  const body = parsePatch(text, type)
  const isAsked = type !== 'json' && mayHaveDuplicates(text, body)
  const duplicateFields = isAsked ? findDuplicateFields(text).map(duplicateField) : []
  return { patch: { type, body, force }, duplicateFields, duplicateLines: [] }
}

function checkPatchOptions(query: URLSearchParams, patchType: PatchType): FieldError[] {
  if (patchType !== 'apply') {
    return query.has('force') ? [forbiddenField('force', 'may not be specified for non-apply patch')] : []
  }
  return query.get('fieldManager') ? [] : [requiredValue('fieldManager', 'is required for apply patch')]
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
    const endless = endlessNumber(text, body)
    if (endless !== '') throw badRequest(`${prefix}${endless}`)
    if (patchType === 'json' || isJsonObject(body)) return body
    if (body === null && patchType === 'strategic') return {}
    if (body === null) throw badRequest('Invalid JSON Patch')
    throw badRequest(`${prefix}json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`)
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`${prefix}${goSyntaxError(text)}`)
    throw error
  }
}

export async function deleteResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  const { target, options } = await readDelete(parts, call)
  const result = await parts.registry.delete(target, options)
  return result.gone ? deletedStatus(type, result) : objectResponse(200, view, result.stored)
}

export async function deleteResources(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  refuseInitialEvents(request)
  const list = listOptionsOf(type, request.query)
  refuseVersion(request.query.get('resourceVersion') ?? '')
  const { target, options } = await readDelete(parts, call)
  return listResponse(view, await parts.registry.deleteCollection(target, { list, delete: options }))
}

function refuseVersion(text: string): void {
  const quoted = JSON.stringify(text)
  const problem = `Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`
  if (!/^\d*$/.test(text)) throw badRequest(`invalid resource version: resourceVersion: ${problem}`)
}

async function readDelete(parts: ResourceParts, call: ResourceCall) {
  const { options, dryRun } = await readDeleteOptions(call.request)
  const target = writeTargetOf(parts, call, 'DeleteOptions')
  return { target: { ...target, context: { ...target.context, dryRun } }, options }
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
