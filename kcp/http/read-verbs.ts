// get, list and watch of resources.
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { allClusters, type ObjectRange } from '../registry/keys.ts'
import type { ListOptions } from '../registry/list.ts'
import { readableScale } from '../registry/scale.ts'
import { inNamespace, named } from '../registry/selection.ts'
import { parseObject } from '../registry/stored-object.ts'
import type { ApiResponse } from './exchange.ts'
import { requireStreamed } from './media-type.ts'
import { listResponse, objectResponse, type View, valueResponse, viewOf } from './object-response.ts'
import { listOptionsOf, refuseInitialEvents } from './read-options.ts'
import type { ResourceCall, ResourceParts } from './resource-handler.ts'
import { scaleTable } from './scale-table.ts'
import { sendsInitialStateOf, watchLines, watchRequestOf, watchResponse } from './watch-response.ts'

export async function getResource(parts: ResourceParts, { request, info, type }: ResourceCall): Promise<ApiResponse> {
  const view = viewOf(type, request, parts.now())
  const resourceVersion = request.query.get('resourceVersion')
  const key = { type, cluster: request.cluster, namespace: namespaceOf(type, info), name: info.name }
  const stored = await parts.registry.get(key, resourceVersion === null ? {} : { resourceVersion })
  if (info.subresource === 'scale') return scaleResponse(200, view, readableScale(type, parseObject(type, stored)))
  return objectResponse(200, view, stored)
}

export function scaleResponse(status: number, view: View, scale: JsonObject): ApiResponse | Promise<ApiResponse> {
  return valueResponse(status, { ...view, type: { ...view.type, table: scaleTable } }, scale as unknown as KubeObject)
}

export async function listResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type } = call
  const view = viewOf(type, request, parts.now())
  refuseInitialEvents(request)
  return listResponse(view, await parts.registry.list(rangeOf(call), optionsOf(call)))
}

/** In a wildcard range the namespace is no part of the keys' prefix: it becomes a selector. */
function optionsOf({ type, request, info }: ResourceCall): ListOptions {
  const sent = listOptionsOf(type, request.query)
  // `/watch/…/<name>`; other names are those of the field selector.
  const options =
    info.verb === 'watch' && info.name !== '' ? { ...sent, selection: named(sent.selection, info.name) } : sent
  if (request.cluster !== allClusters || info.namespace === '') return options
  return { ...options, selection: inNamespace(options.selection, info.namespace) }
}

export async function watchResource(parts: ResourceParts, call: ResourceCall): Promise<ApiResponse> {
  const { request, type, info } = call
  const view = viewOf(type, request, parts.now())
  requireStreamed(view.accepted)
  const watchRequest = watchRequestOf(request.query, parts.random)
  const { selection, resourceVersion } = optionsOf(call)
  const watched = { type, cluster: request.cluster, identity: info.identity, metadataOnly: call.allIdentities }
  const oldestRevision = request.cluster === allClusters ? 0 : parts.catalog.changedAt?.(request.cluster, type)
  const range = rangeOf(call)
  const watch = parts.registry.watch(range, {
    selection,
    ...(oldestRevision ? { oldestRevision } : {}),
    sendsInitialState: sendsInitialStateOf(request.query),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  })
  const lines = watchLines({ view, request: watchRequest, watch, groups: parts.groups, range, selection })
  lines.onEnd = parts.watches.onVanished(watched, lines.close)
  request.signal.addEventListener('abort', lines.close)
  if (request.signal.aborted) lines.close()
  return watchResponse(view, lines)
}

function rangeOf({ type, request, info, allIdentities }: ResourceCall): ObjectRange {
  return { type, cluster: request.cluster, namespace: namespaceOf(type, info), allIdentities }
}

/** The path of one namespace names it twice. */
export function namespaceOf(type: { namespaced: boolean }, info: { namespace: string }): string {
  return type.namespaced ? info.namespace : ''
}
