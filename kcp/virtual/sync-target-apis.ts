// What each SyncTarget's virtual workspaces serve: the accepted resources of its exports and the usual native ones.
// Follows SyncTargets, APIExports and APIResourceSchemas and keeps of them only what discovery needs.
import { syncTargetKey } from '../../api/names/sync-target.ts'
import { formatKey, type GroupVersionResource, type KubeObject } from '../../api/objects.ts'
import { createInformer, type InformerOptions } from '../../api-client/cache/create-informer.ts'
import type { Informer, Projection } from '../../api-client/cache/informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'
import type { ResourceType } from '../registry/resource.ts'
import type { VirtualResource } from './api-domain.ts'

export interface SyncTargetApis {
  /** undefined: there is no such SyncTarget. */
  find(syncTarget: { cluster: string; name: string; uid: string }): SyncTargetApi | undefined
  /** Calls after anything changed. Returns how to stop. */
  onChange(listener: () => void): () => void
  readonly synced: Promise<unknown>
}

export interface SyncTargetApi {
  readonly key: string
  /** Accepted ones, pods and endpoints included; then namespaces, configmaps, secrets, serviceaccounts. */
  readonly resources: readonly ServedResource[]
}

/** Without verbs, which each virtual workspace gives itself. */
export interface ServedResource extends Omit<VirtualResource, 'verbs' | 'statusVerbs'> {
  readonly hasStatus: boolean
}

export interface SyncTargetApisDeps extends Required<Pick<InformerOptions, 'clock' | 'random'>> {
  readonly client: Client
  readonly log: Log
  readonly signal: AbortSignal
  /** Where a path leads. */
  readonly resolve: (path: string) => string | undefined
  readonly nativeTypes: readonly ResourceType[]
  /** Identity of the export of SyncTargets. */
  readonly workloadIdentity: string
}

interface SyncTargetFacts {
  readonly uid: string
  readonly exports: readonly { path?: string; export: string }[]
  readonly accepted: readonly { group: string; resource: string; identityHash: string }[]
}

interface ExportFacts {
  readonly schemas: readonly string[]
  readonly identityHash: string
}

interface SchemaFacts {
  readonly uid: string
  readonly group: string
  readonly names: SchemaNames
  readonly namespaced: boolean
  readonly versions: readonly { name: string; hasStatus: boolean }[]
}

interface SchemaNames {
  plural: string
  singular?: string
  kind: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
}

const gvr = (group: string, resource: string): GroupVersionResource => ({ group, version: 'v1alpha1', resource })

export function createSyncTargetApis(deps: SyncTargetApisDeps): SyncTargetApis {
  const follow = <T>(resource: GroupVersionResource, project: Projection<T>['project']): Informer<T> =>
    createInformer<T>({ ...deps, client: deps.client.cluster('*'), gvr: resource, project })
  const syncTargets = follow(gvr('workload.kcp.io', `synctargets:${deps.workloadIdentity}`), syncTargetFacts)
  const exports = follow(gvr('apis.kcp.io', 'apiexports'), exportFacts)
  const schemas = follow(gvr('apis.kcp.io', 'apiresourceschemas'), schemaFacts)
  const all = [syncTargets, exports, schemas]
  const natives = nativeResources(deps.nativeTypes)
  const listeners = new Set<() => void>()
  const known = new Map<string, SyncTargetApi>()
  const changed = () => {
    known.clear()
    for (const listener of [...listeners]) listener()
  }
  for (const informer of all)
    informer.onChange((_key, after, before) => {
      if (JSON.stringify(after) !== JSON.stringify(before)) changed()
    })
  for (const informer of all) void informer.run(deps.signal)
  const resourcesOf = (cluster: string, facts: SyncTargetFacts) => {
    const found = new Map(natives.map(resource => [resource.resource, resource]))
    for (const { path, export: name } of facts.exports) {
      const exportCluster = path ? deps.resolve(path) : cluster
      if (exportCluster === undefined) continue
      const offer = exports.get(formatKey({ cluster: exportCluster, namespace: '', name }))
      for (const schemaName of offer?.schemas ?? []) {
        const schema = schemas.get(formatKey({ cluster: exportCluster, namespace: '', name: schemaName }))
        if (!schema || !isAccepted(facts, schema, offer?.identityHash ?? '')) continue
        for (const resource of versionsOf(schema, offer?.identityHash ?? '')) found.set(resource.id, resource)
      }
    }
    return [...found.values()]
  }
  return {
    find({ cluster, name, uid }) {
      const text = formatKey({ cluster, namespace: '', name })
      const facts = syncTargets.get(text)
      if (facts === undefined || facts.uid !== uid) return undefined
      const api = known.get(text) ?? { key: syncTargetKey(cluster, name), resources: resourcesOf(cluster, facts) }
      known.set(text, api)
      return api
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    synced: Promise.all(all.map(informer => informer.synced)),
  }
}

function isAccepted({ accepted }: SyncTargetFacts, { group, names }: SchemaFacts, identityHash: string): boolean {
  return accepted.some(
    each => each.group === group && each.resource === names.plural && each.identityHash === identityHash,
  )
}

function versionsOf({ uid, group, names, namespaced, versions }: SchemaFacts, identityHash: string): ServedResource[] {
  const { plural, kind } = names
  return versions.map(({ name: version, hasStatus }) => ({
    group,
    version,
    resource: plural,
    kind,
    listKind: names.listKind ?? `${kind}List`,
    singular: names.singular ?? kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced,
    hasStatus,
    identityHash,
    id: `${group}/${version}/${plural}/${identityHash}/${uid}`,
  }))
}

const syncedNatives = ['namespaces', 'configmaps', 'secrets', 'serviceaccounts']

function nativeResources(types: readonly ResourceType[]): ServedResource[] {
  const found = types.filter(({ group, resource }) => group === '' && syncedNatives.includes(resource))
  return found.map(type => ({
    ...type,
    hasStatus: type.resource === 'namespaces',
    identityHash: '',
    id: type.resource,
  }))
}

interface SyncTarget extends KubeObject {
  spec?: { supportedAPIExports?: { path?: string; export: string }[] }
  status?: { syncedResources?: { group?: string; resource: string; identityHash?: string; state?: string }[] }
}

function syncTargetFacts(object: KubeObject): SyncTargetFacts {
  const { metadata, spec, status } = object as SyncTarget
  const accepted = (status?.syncedResources ?? []).filter(({ state }) => state === 'Accepted')
  return {
    uid: metadata.uid ?? '',
    exports: spec?.supportedAPIExports ?? [],
    accepted: accepted.map(({ group = '', resource, identityHash = '' }) => ({ group, resource, identityHash })),
  }
}

interface ApiExport extends KubeObject {
  spec?: { latestResourceSchemas?: string[] }
  status?: { identityHash?: string }
}

function exportFacts(object: KubeObject): ExportFacts {
  const { spec, status } = object as ApiExport
  return { schemas: spec?.latestResourceSchemas ?? [], identityHash: status?.identityHash ?? '' }
}

interface ApiResourceSchema extends KubeObject {
  spec: {
    group: string
    names: SchemaNames
    scope: string
    versions: { name: string; served?: boolean; subresources?: { status?: object } }[]
  }
}

function schemaFacts(object: KubeObject): SchemaFacts {
  const { metadata, spec } = object as ApiResourceSchema
  const served = spec.versions.filter(version => version.served !== false)
  return {
    uid: metadata.uid ?? '',
    group: spec.group,
    names: spec.names,
    namespaced: spec.scope === 'Namespaced',
    versions: served.map(({ name, subresources }) => ({ name, hasStatus: subresources?.status !== undefined })),
  }
}
