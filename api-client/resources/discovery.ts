// What a server serves, in the legacy (un-aggregated) form every Kubernetes knows.
import { isJsonObject, type JsonValue } from '../../api/json.ts'
import { apiVersionOf, type GroupVersionResource } from '../../api/objects.ts'
import { isNotFound } from '../../api/status-error.ts'
import type { Client } from '../client.ts'
import { groupVersionPath } from './paths.ts'
import { readJsonObject } from './response.ts'

export interface DiscoveredResource extends GroupVersionResource {
  readonly kind: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  /** Names of sub-resources, e.g. scale, status. */
  readonly subresources: readonly string[]
}

export interface DiscoveredGroup {
  readonly group: string
  readonly preferredVersion: string
  /** Preferred first, as the server orders them. */
  readonly versions: readonly string[]
}

/** All groups, the core group first. */
export async function discoverGroups(client: Client, signal?: AbortSignal): Promise<DiscoveredGroup[]> {
  const core = await getJson(client, '/api', signal)
  const named = await getJson(client, '/apis', signal)
  const coreVersions = strings(core.versions)
  const groups: DiscoveredGroup[] = []
  if (coreVersions[0]) groups.push({ group: '', preferredVersion: coreVersions[0], versions: coreVersions })
  for (const item of array(named.groups)) {
    if (!isJsonObject(item)) continue
    const versions = array(item.versions).flatMap(v => (isJsonObject(v) ? [text(v.version)] : []))
    const preferred = isJsonObject(item.preferredVersion) ? text(item.preferredVersion.version) : ''
    groups.push({ group: text(item.name), preferredVersion: preferred || (versions[0] ?? ''), versions })
  }
  return groups
}

/** The resources of one group version; undefined when the server does not serve it. */
export async function discoverResources(
  client: Client,
  gv: { group: string; version: string },
  signal?: AbortSignal,
): Promise<DiscoveredResource[] | undefined> {
  try {
    const list = await getJson(client, groupVersionPath(gv), signal)
    return resourcesOf(gv, array(list.resources))
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export async function discoverResource(
  client: Client,
  gvr: GroupVersionResource,
  signal?: AbortSignal,
): Promise<DiscoveredResource | undefined> {
  const resources = await discoverResources(client, gvr, signal)
  return resources?.find(r => r.resource === gvr.resource)
}

/** Every resource of every group version that can be read. Names of failing group versions go to `onFailure`. */
export async function discoverAll(
  client: Client,
  options: { signal?: AbortSignal; onFailure?: (groupVersion: string, error: unknown) => void } = {},
): Promise<DiscoveredResource[]> {
  const found: DiscoveredResource[] = []
  for (const group of await discoverGroups(client, options.signal)) {
    for (const version of group.versions) {
      const gv = { group: group.group, version }
      try {
        found.push(...((await discoverResources(client, gv, options.signal)) ?? []))
      } catch (error) {
        if (!options.onFailure) throw error
        options.onFailure(apiVersionOf(gv), error)
      }
    }
  }
  return found
}

export async function getJson(client: Client, path: string, signal?: AbortSignal) {
  const headers = { accept: 'application/json' }
  return readJsonObject(await client.request({ method: 'GET', path, headers, ...(signal ? { signal } : {}) }))
}

function resourcesOf(gv: { group: string; version: string }, items: readonly JsonValue[]): DiscoveredResource[] {
  const subresources = new Map<string, string[]>()
  for (const item of items) {
    const [resource, subresource] = isJsonObject(item) ? text(item.name).split('/', 2) : []
    if (!resource || !subresource) continue
    subresources.set(resource, [...(subresources.get(resource) ?? []), subresource])
  }
  return items.flatMap(item => {
    if (!isJsonObject(item)) return []
    const resource = text(item.name)
    if (resource === '' || resource.includes('/')) return []
    return {
      ...gv,
      resource,
      kind: text(item.kind),
      singularName: text(item.singularName),
      namespaced: item.namespaced === true,
      verbs: strings(item.verbs),
      shortNames: strings(item.shortNames),
      categories: strings(item.categories),
      subresources: subresources.get(resource) ?? [],
    }
  })
}

function array(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}
function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
function strings(value: JsonValue | undefined): string[] {
  return array(value).filter(item => typeof item === 'string')
}
