// Discovery documents of one set of types: the legacy ones (one per group and version) and the aggregated one.
import { createHash } from 'node:crypto'
import { apiVersionOf } from '../../api/objects.ts'
import type { ApiSet, ResourceType, SubresourceType } from '../registry/resource.ts'

interface ServedGroup {
  readonly name: string
  /** In the order of preference; the first one is preferred. */
  readonly versions: readonly string[]
  readonly isNative: boolean
}

export function groupsOf(apis: ApiSet): ServedGroup[] {
  const groups = new Map<string, { name: string; versions: string[]; isNative: boolean }>()
  for (const type of apis.types) {
    const group = groups.get(type.group) ?? { name: type.group, versions: [], isNative: type.origin === 'native' }
    groups.set(type.group, group)
    if (!group.versions.includes(type.version)) group.versions.push(type.version)
  }
  return [...groups.values()]
}

export function apiVersions(serverAddress: string): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: addresses(serverAddress) }
}

function addresses(serverAddress: string): object[] {
  return [{ clientCIDR: '0.0.0.0/0', serverAddress }]
}

export function apiGroupList(apis: ApiSet, serverAddress: string): object {
  const groups = groupsOf(apis).filter(group => group.name !== '')
  const withAddress = (group: ServedGroup) =>
    group.isNative ? { serverAddressByClientCIDRs: addresses(serverAddress) } : {}
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(group => ({ ...groupEntry(group), ...withAddress(group) })),
  }
}

export function apiGroup(apis: ApiSet, name: string): object | undefined {
  const group = groupsOf(apis).find(each => each.name === name)
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) }
}

function groupEntry({ name, versions }: ServedGroup): object {
  const entries = versions.map(version => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: entries, preferredVersion: entries[0] }
}

export function apiResourceList(apis: ApiSet, group: string, version: string): object | undefined {
  const types = apis.types.filter(type => type.group === group && type.version === version)
  if (types.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources: types.flatMap(type => [resourceEntry(type), ...subresourceEntries(type)]),
  }
}

function resourceEntry(type: ResourceType): object {
  const { resource, singular, namespaced, kind, verbs, shortNames, categories } = type
  return {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(verbs.includes('list') ? { storageVersionHash: storageVersionHash(type) } : {}),
  }
}

function subresourceEntries(type: ResourceType): object[] {
  const { resource, namespaced, kind } = type
  return Object.entries(type.subresources).map(([name, { verbs, responseKind }]) => ({
    name: `${resource}/${name}`,
    singularName: '',
    namespaced,
    ...(responseKind ? { group: responseKind.group, version: responseKind.version } : {}),
    kind: responseKind?.kind ?? kind,
    verbs,
  }))
}

function storageVersionHash({ group, storageVersion, kind }: ResourceType): string {
  return createHash('sha256').update(`${group}/${storageVersion}/${kind}`).digest().subarray(0, 8).toString('base64')
}

/** apidiscovery.k8s.io: everything below /api (core) or /apis (the rest) in one document. */
export function aggregatedDiscovery(apis: ApiSet, isCore: boolean, metaVersion: string): object {
  const groups = groupsOf(apis).filter(group => (group.name === '') === isCore)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${metaVersion}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
      versions: versions.map(version => ({
        version,
        resources: apis.types.filter(type => type.group === name && type.version === version).map(aggregatedEntry),
        freshness: 'Current',
      })),
    })),
  }
}

function aggregatedEntry(type: ResourceType): object {
  const { group, version, kind, resource, singular, namespaced, verbs, shortNames, categories } = type
  const subresources = Object.entries(type.subresources).map(([name, each]) => aggregatedSubresource(type, name, each))
  return {
    resource,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  }
}

function aggregatedSubresource(type: ResourceType, subresource: string, { responseKind, verbs }: SubresourceType) {
  const { group, version, kind } = type
  return { subresource, responseKind: responseKind ?? { group, version, kind }, verbs }
}
