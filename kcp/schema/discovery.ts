// Discovery documents, built from the types of one logical cluster: the legacy ones and the aggregated one.
// Leaves out: which form a client asks for, and caching.
import { createHash } from 'node:crypto'
import type { JsonObject } from '../../api/json.ts'
import { apiVersionOf, type GroupVersionKind } from '../../api/objects.ts'
import { type GroupTypes, groupTypes, type ServedSubresource, type ServedType } from './served-type.ts'

export interface DiscoveryOptions {
  /** host:port clients reach us under. */
  readonly serverAddress: string
}

/** `/api`. */
export function apiVersions({ serverAddress }: DiscoveryOptions): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  }
}

/** `/apis`: only native groups say where they are served. */
export function apiGroupList(types: readonly ServedType[], { serverAddress }: DiscoveryOptions): JsonObject {
  const groups = groupTypes(types).filter(({ group }) => group !== '')
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(group => ({
      ...groupBody(group),
      ...(isNative(group) ? { serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] } : {}),
    })),
  }
}

/** `/apis/<group>`; undefined when nothing is served there. */
export function apiGroup(types: readonly ServedType[], group: string): JsonObject | undefined {
  const found = groupTypes(types).find(each => each.group === group && group !== '')
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(found) }
}

function isNative({ versions }: GroupTypes): boolean {
  return versions.some(({ types }) => types.some(type => type.origin === 'native'))
}

function groupBody({ group, versions }: GroupTypes): JsonObject {
  const entries = versions.map(({ version }) => ({ groupVersion: apiVersionOf({ group, version }), version }))
  return { name: group, versions: entries, ...(entries[0] === undefined ? {} : { preferredVersion: entries[0] }) }
}

/** `/api/v1` and `/apis/<group>/<version>`; undefined when nothing is served there. */
export function apiResourceList(
  types: readonly ServedType[],
  gv: { readonly group: string; readonly version: string },
): JsonObject | undefined {
  const served = types.filter(type => type.group === gv.group && type.version === gv.version)
  if (served.length === 0) return undefined
  const rows = served.flatMap(resourceRows)
  const isCore = gv.group === ''
  if (isCore) rows.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))
  return {
    kind: 'APIResourceList',
    ...(isCore ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(gv),
    resources: rows,
  }
}

function resourceRows(type: ServedType): JsonObject[] {
  const { resource, kind, namespaced, shortNames, categories } = type
  const main: JsonObject = {
    name: resource,
    singularName: type.singular,
    namespaced,
    kind,
    verbs: [...type.verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...(type.verbs.includes('list') ? { storageVersionHash: storageVersionHash(type) } : {}),
  }
  const subresources = subresourceEntries(type).map(([name, subresource]) => ({
    name: `${resource}/${name}`,
    singularName: '',
    namespaced,
    ...foreignKind(subresource),
    kind: subresource.responseKind?.kind ?? kind,
    verbs: [...subresource.verbs],
  }))
  return [main, ...subresources]
}

/** Custom resources list status before scale, as their handler does; native ones by name. */
function subresourceEntries(type: ServedType): [string, ServedSubresource][] {
  const entries = Object.entries(type.subresources)
  return type.origin === 'native' ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries
}

function foreignKind({ responseKind }: ServedSubresource): JsonObject {
  if (responseKind === undefined || responseKind.group === '') return {}
  return { group: responseKind.group, version: responseKind.version }
}

function storageVersionHash({ group, version, kind }: ServedType): string {
  const digest = createHash('sha256').update(`${group}/${version}/${kind}`).digest()
  return digest.subarray(0, 8).toString('base64')
}

/** The aggregated form of `/api` (core) and `/apis` (all other groups): apidiscovery.k8s.io/v2. */
export function aggregatedDiscovery(types: readonly ServedType[], part: 'api' | 'apis'): JsonObject {
  const groups = groupTypes(types).filter(({ group }) => (group === '') === (part === 'api'))
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map(({ version, types: members }) => ({
        version,
        freshness: 'Current',
        resources: members.map(resourceDiscovery),
      })),
    })),
  }
}

function resourceDiscovery(type: ServedType): JsonObject {
  const { kind, shortNames, categories } = type
  const subresources = subresourceEntries(type).map(([name, { verbs, responseKind }]) => ({
    subresource: name,
    responseKind: kindOfAnswer(type, responseKind),
    verbs: [...verbs],
  }))
  return {
    resource: type.resource,
    responseKind: kindOfAnswer(type),
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular === '' ? kind.toLowerCase() : type.singular,
    verbs: [...type.verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  }
}

/** Kubernetes leaves out the group version of native kinds where it is that of the document. */
function kindOfAnswer(type: ServedType, responseKind: GroupVersionKind = type): JsonObject {
  const { group, version, kind } = responseKind
  const isOwn = type.origin === 'native' && (responseKind === type || group === '' || group === type.group)
  return isOwn ? { group: '', version: '', kind } : { group, version, kind }
}
