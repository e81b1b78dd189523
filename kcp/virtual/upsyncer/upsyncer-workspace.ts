// The virtual workspace for objects that are born in a physical cluster and shown in kcp: pods and volumes.
// Its clients own these objects: they create, change and delete them. Reads pass unchanged.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import { stateLabel, upsyncDiffAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { applyJsonPatch } from '../../../api/patch/json-patch.ts'
import { badRequest, failure } from '../../../api/status-error.ts'
import type { VirtualResource, VirtualWorkspace } from '../api-domain.ts'
import { parseOrUndefined } from '../parse-annotation.ts'
import type { ServedResource, SyncTargetApi } from '../sync-target-apis.ts'

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']
const statusVerbs = ['get', 'patch', 'update']
/** Of the core group. */
const upsynced = new Set(['pods', 'persistentvolumes'])

export function createUpsyncerWorkspace({ key, resources }: SyncTargetApi): VirtualWorkspace {
  const shown = resources.filter(({ group, resource }) => group === '' && upsynced.has(resource)).map(upsyncedResource)
  const prepare = (body: KubeObject): KubeObject => {
    if (body.metadata.labels?.[stateLabel(key)] !== 'Upsync') throw lacksLabel(key, body)
    return withDiff(body, key)
  }
  return {
    resources: shown,
    label: { key: stateLabel(key), value: 'Upsync' },
    read: stored => stored,
    planUpdate: ({ body, subresource }) => [{ subresource, object: prepare(body) }],
    prepareCreate: prepare,
  }
}

function upsyncedResource({ hasStatus, ...resource }: ServedResource): VirtualResource {
  return { ...resource, verbs, statusVerbs: hasStatus ? statusVerbs : undefined }
}

function lacksLabel(key: string, { metadata }: KubeObject) {
  const labels = Object.entries(metadata.labels ?? {}).map(([name, value]) => `${name}:${value}`)
  const selector = `{"${stateLabel(key)}" "=" ["Upsync"]}`
  return badRequest(`label selector [${selector}] does not match labels map[${labels.sort().join(' ')}]`)
}

/** What the physical cluster wants changed on the way up; never who or what the object is. */
export function withDiff(body: KubeObject, key: string): KubeObject {
  const name = upsyncDiffAnnotation(key)
  const { [name]: text, ...annotations } = body.metadata.annotations ?? {}
  if (text === undefined) return body
  const patch = parseOrUndefined(text)
  if (patch === undefined) throw badRequest(`annotation ${name} is no JSON`)
  if (Array.isArray(patch) && patch.some(mentionsIdentity)) {
    const message = 'metadata, apiversion or kind cannot be modified by a transformation'
    throw failure(500, 'InternalError', message, {})
  }
  const plain = { ...body, metadata: { ...body.metadata, annotations } }
  return applyJsonPatch(plain as unknown as JsonObject, patch) as unknown as KubeObject
}

const protectedPath = /^\/(?:metadata|apiVersion|kind)(?:\/|$)/

function mentionsIdentity(operation: JsonValue): boolean {
  if (!isJsonObject(operation)) return false
  return [operation.path, operation.from].some(
    path => typeof path === 'string' && (path === '' || protectedPath.test(path)),
  )
}
