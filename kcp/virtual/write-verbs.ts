// Writes through a virtual workspace: an update becomes the writes its plan names, a patch is a get and an update.
// Leaves out: validation and admission, which are the core's.
import { isJsonObject, type JsonObject, type JsonValue, parseSentJson } from '../../api/json.ts'
import { apiVersionOf, groupResource, type KubeObject, type ObjectMeta } from '../../api/objects.ts'
import { applyJsonPatch } from '../../api/patch/json-patch.ts'
import { applyMergePatch } from '../../api/patch/merge-patch.ts'
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts'
import type { Topology } from '../../api/patch/topology.ts'
import { badRequest, isConflict, notFound, unsupportedMediaType } from '../../api/status-error.ts'
import { decodeBody, textOf } from '../http/decode-body.ts'
import type { ApiRequest, ApiResponse } from '../http/exchange.ts'
import { bareType } from '../http/media-type.ts'
import { jsonResponse } from '../http/responses.ts'
import type { VirtualResource, VirtualWorkspace } from './api-domain.ts'
import { getView, isShown } from './read-verbs.ts'
import { type Call, coreResource, getStored, targetOf } from './upstream.ts'

export interface WriteCall extends Call {
  readonly subresource: '' | 'status'
  /** For strategic merge patches; undefined: such patches are refused. */
  readonly topology: Topology | undefined
}

export async function updateView(
  workspace: VirtualWorkspace,
  call: WriteCall,
  request: ApiRequest,
): Promise<ApiResponse> {
  const body = objectOf(await decodeBody(request, { kind: call.resource.kind }), call)
  return jsonResponse(200, workspace.read(await update(workspace, call, body)))
}

async function update(workspace: VirtualWorkspace, call: WriteCall, body: KubeObject): Promise<KubeObject> {
  const { upstream, cluster, resource, name, subresource } = call
  if (!upstream.isServed(cluster, resource)) throw notFound(resource, name)
  const stored = await getStored(call)
  if (!isShown(workspace, stored)) throw notFound(resource, name)
  const local = upstream.client.cluster(cluster)
  let latest: KubeObject | undefined
  for (const { subresource: target, object } of workspace.planUpdate({ stored, body, subresource, resource })) {
    const { resourceVersion } = (latest ?? object).metadata
    const next = { ...object, metadata: { ...object.metadata, ...(resourceVersion ? { resourceVersion } : {}) } }
    latest = await local.update(coreResource(resource), next, target === '' ? {} : { subresource: target })
  }
  return latest ?? stored
}

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json'] as const
const strategicType = 'application/strategic-merge-patch+json'
const attemptsMax = 5

export async function patchView(
  workspace: VirtualWorkspace,
  call: WriteCall,
  request: ApiRequest,
): Promise<ApiResponse> {
  const type = bareType(request.headers['content-type'])
  const accepted = call.topology ? [...patchTypes, strategicType] : patchTypes
  if (!accepted.some(each => each === type)) throw unsupportedMediaType(accepted)
  const patch = parsePatch(textOf(await request.body()))
  for (let attempt = 1; ; attempt++) {
    const view = (await getView(workspace, call)) as unknown as JsonObject
    const patched = applyPatch(view, { type, patch, topology: call.topology })
    try {
      return jsonResponse(200, workspace.read(await update(workspace, call, objectOf(patched, call))))
    } catch (error) {
      if (!isConflict(error) || attempt === attemptsMax || namesVersion(patch)) throw error
    }
  }
}

function applyPatch(
  view: JsonObject,
  { type, patch, topology }: { type: string; patch: JsonValue; topology: Topology | undefined },
): JsonValue {
  if (type === 'application/json-patch+json') return applyJsonPatch(view, patch)
  if (type === 'application/merge-patch+json') return applyMergePatch(view, patch)
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: a strategic merge patch is an object')
  return applyStrategicMerge(view, patch, topology)
}

/** The client itself insists on a version: trying again cannot help. */
function namesVersion(patch: JsonValue): boolean {
  return isJsonObject(patch) && isJsonObject(patch.metadata) && patch.metadata.resourceVersion !== undefined
}

function parsePatch(text: string): JsonValue {
  try {
    return parseSentJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`error decoding patch: ${error.message}`)
    throw error
  }
}

export async function createView(workspace: VirtualWorkspace, call: Call, request: ApiRequest): Promise<ApiResponse> {
  const { upstream, cluster, resource, namespace } = call
  const body = objectOf(await decodeBody(request, { kind: resource.kind }), call)
  const prepared = workspace.prepareCreate?.(body) ?? body
  const object = { ...prepared, metadata: { ...prepared.metadata, ...(namespace === '' ? {} : { namespace }) } }
  const created = await upstream.client.cluster(cluster).create(coreResource(resource), object)
  return jsonResponse(201, workspace.read(created))
}

export async function deleteView(workspace: VirtualWorkspace, call: Call): Promise<ApiResponse> {
  const { upstream, cluster, resource, name } = call
  const { metadata } = await getView(workspace, call)
  const { uid = '' } = metadata
  await upstream.client.cluster(cluster).delete(coreResource(resource), targetOf(call), { uid })
  const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.resource, uid }
  return jsonResponse(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
}

function objectOf(value: JsonValue, { resource, name }: { resource: VirtualResource; name: string }): KubeObject {
  const { kind } = resource
  const apiVersion = apiVersionOf(resource)
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`)
  const metadata = (isJsonObject(value.metadata) ? value.metadata : {}) as unknown as ObjectMeta
  const given = { apiVersion: value.apiVersion ?? apiVersion, kind: value.kind ?? kind }
  if (given.apiVersion !== apiVersion || given.kind !== kind) {
    throw badRequest(`${given.apiVersion}, ${given.kind} in the body is no object of ${groupResource(resource)}`)
  }
  if (name !== '' && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`)
  }
  return { ...value, apiVersion, kind, metadata }
}
