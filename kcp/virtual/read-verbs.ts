// get, list and watch through a virtual workspace: forwarded to the core with the label ANDed, and every object changed
// on its way back. A resource that nobody has bound yet has an empty list, and a watch of it waits for the first binding.
import { isJsonObject, parseJson } from '../../api/json.ts'
import { apiVersionOf, type KubeList, type KubeObject } from '../../api/objects.ts'
import { notFound } from '../../api/status-error.ts'
import { resourcePath } from '../../api-client/resources/paths.ts'
import { readJsonObject, readText, statusErrorOf } from '../../api-client/resources/response.ts'
import { splitLines } from '../../api-client/resources/watch-stream.ts'
import type { ApiRequest, ApiResponse } from '../http/exchange.ts'
import { jsonResponse } from '../http/responses.ts'
import type { VirtualWorkspace } from './api-domain.ts'
import { type Call, coreResource, getStored } from './upstream.ts'

export async function getView(workspace: VirtualWorkspace, call: Call): Promise<KubeObject> {
  const { upstream, cluster, resource, name } = call
  if (!upstream.isServed(cluster, resource)) throw notFound(resource, name)
  const stored = await getStored(call)
  if (!isShown(workspace, stored)) throw notFound(resource, name)
  return workspace.read(stored)
}

export function isShown({ label }: VirtualWorkspace, { metadata }: KubeObject): boolean {
  return metadata.labels?.[label.key] === label.value
}

export async function listViews(workspace: VirtualWorkspace, call: Call, request: ApiRequest): Promise<ApiResponse> {
  const { upstream, cluster, resource } = call
  const { listKind, kind } = resource
  const apiVersion = apiVersionOf(resource)
  if (!upstream.isServed(cluster, resource)) {
    const metadata = { continue: '', resourceVersion: await currentVersion(call) }
    return jsonResponse(200, { apiVersion, kind: listKind, metadata, items: [] })
  }
  const response = await upstream.client.cluster(cluster).request(readRequest(workspace, call, request))
  const list = (await readJsonObject(response)) as unknown as KubeList
  const items = list.items.map(item => ({ ...workspace.read(item), apiVersion, kind }))
  return jsonResponse(200, { apiVersion, kind: listKind, metadata: list.metadata, items })
}

async function currentVersion({ upstream }: Call): Promise<string> {
  const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
  const list = await upstream.client.cluster('*').list(namespaces, { limit: 1 })
  return list.metadata.resourceVersion
}

function readRequest(workspace: VirtualWorkspace, call: Call, { query, signal }: Pick<ApiRequest, 'query' | 'signal'>) {
  const { label } = workspace
  const asked = new URLSearchParams(query)
  const own = `${label.key}=${label.value}`
  const given = asked.get('labelSelector')
  asked.set('labelSelector', given ? `${given},${own}` : own)
  const path = `${resourcePath(coreResource(call.resource), call.namespace)}?${asked}`
  return { method: 'GET', path, headers: { accept: 'application/json' }, signal } as const
}

/** Without an own limit a watch that waits for its resource ends as late as others do. */
const waitSecondsDefault = 1800

export interface WatchedRequest {
  readonly request: ApiRequest
  /** Ends the watch; aborted when it has ended. */
  readonly end: AbortController
}

export function watchViews(workspace: VirtualWorkspace, call: Call, watched: WatchedRequest): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: events(workspace, call, watched) }
}

async function* events(
  workspace: VirtualWorkspace,
  call: Call,
  { request, end }: WatchedRequest,
): AsyncGenerator<Uint8Array> {
  const { upstream, cluster, resource } = call
  try {
    if (!upstream.isServed(cluster, resource)) {
      const seconds = Number(request.query.get('timeoutSeconds') ?? '') || waitSecondsDefault
      const signal = AbortSignal.any([end.signal, AbortSignal.timeout(seconds * 1000)])
      await upstream.whenServed(cluster, resource, signal)
      if (signal.aborted) return
    }
    const forwarded = readRequest(workspace, call, { query: request.query, signal: end.signal })
    const response = await upstream.client.cluster(cluster).request(forwarded)
    if (response.status >= 400) {
      const error = statusErrorOf(response.status, await readText(response), response.headers)
      yield Buffer.from(`{"type":"ERROR","object":${JSON.stringify(error.status)}}\n`)
      return
    }
    for await (const line of splitLines(response.body)) yield Buffer.from(transformEvent(workspace, line))
  } finally {
    end.abort()
  }
}

/** Bookmarks and errors pass as they are. */
function transformEvent(workspace: VirtualWorkspace, line: string): string {
  if (line.startsWith('{"type":"BOOKMARK"') || line.startsWith('{"type":"ERROR"')) return `${line}\n`
  const event = parseJson(line)
  if (!isJsonObject(event) || !isJsonObject(event.object)) return `${line}\n`
  return `${JSON.stringify({ ...event, object: workspace.read(event.object as unknown as KubeObject) })}\n`
}
