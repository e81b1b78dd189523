// What each logical cluster serves: native and system types, bound APIs and local CRDs, followed in the store. Clusters
// with the same set share one ApiSet that is built when first asked for, so an empty workspace costs one map entry.
import { LRUCache } from 'lru-cache'
import { equalJson, type JsonObject } from '../../api/json.ts'
import type { PermissionClaim } from '../../api/names/derived-names.ts'
import type { ApiSet, Catalog, ResourceType } from '../registry/resource.ts'
import type { Store } from '../storage/store.ts'
import { createAcross, onePerPrefix } from './across-clusters.ts'
import { type ApiRecord, type BindingRecord, crdRecord, groupsOf, hasGroup, permissionClaim } from './api-record.ts'
import { createApiSet } from './api-set.ts'
import { createBindingReader } from './binding-reader.ts'
import { type BoundTypes, createBoundTypes } from './bound-types.ts'
import { createDefinitionChanges, type DefinitionChanges } from './definition-changes.ts'
import { followPrefix, type PrefixSink } from './follow-prefix.ts'
import { createRecordSets, type RecordSet } from './record-sets.ts'
import { parseStored, splitSuffix } from './stored-object.ts'

/** The logical cluster that holds the CRDs of bound schemas, named by the schemas' UIDs. */
export const boundCrdsCluster = 'system:bound-crds'

export interface CatalogDeps {
  readonly store: Store
  /** In discovery order. */
  readonly nativeTypes: readonly ResourceType[]
  readonly systemTypes: readonly ResourceType[]
  /** The served versions of a CRD; with an identity: of a bound one. */
  readonly typesOfCrd: (crd: JsonObject, identityHash: string) => readonly ResourceType[]
  readonly bindingsPrefix: string
  /** Told of bindings after the catalog, so that they are read once. */
  readonly bindingsSink?: PrefixSink
  readonly crdsPrefix: string
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown) => void
}

export interface BoundExport {
  readonly exportCluster: string
  readonly exportName: string
  readonly identityHash: string
  readonly schemaUid: string
}

export interface ExportContent {
  readonly schemaUids: readonly string[]
  readonly identityHash: string
  readonly claims: readonly JsonObject[]
}

export interface ClaimOfExport {
  readonly exportCluster: string
  readonly exportName: string
  readonly claim: PermissionClaim
}

export interface WorkspaceCatalog extends Catalog {
  /** What a cluster serves of one group, without building all of what it serves. */
  typesOfGroup(cluster: string, group: string): readonly ResourceType[]
  /** Which export a resource of this cluster comes from. */
  boundExport(cluster: string, group: string, resource: string): BoundExport | undefined
  /** Accepted permission claims of the bindings of a cluster. */
  claims(cluster: string): readonly ClaimOfExport[]
  /** Logical clusters with a binding to this export. */
  clustersBoundTo(exportCluster: string, exportName: string): string[]
  /** Those of them that are not bound to all of what the export is now. */
  clustersBehind(exportCluster: string, exportName: string, current: ExportContent): string[]
  /** Whether any logical cluster has this schema bound. */
  isSchemaBound(schemaUid: string): boolean
  /** Whether a bound CRD can be served. */
  hasBoundCrd(schemaUid: string): boolean
  readonly synced: Promise<void>
  /** Resolves when everything written before this call is known here. */
  whenCurrent(): Promise<void>
}

/** Clusters with rare sets build theirs again when it was long not asked for. Counted in types of all sets together. */
const apiSetTypesKeptMax = 300_000

export function createCatalog(deps: CatalogDeps): WorkspaceCatalog {
  const listeners: ((cluster: string) => void)[] = []
  const changed = (cluster: string) => {
    for (const listener of listeners) listener(cluster)
  }
  const sets = createRecordSets(changed)
  const bound = createBoundTypes(deps.typesOfCrd)
  const typesOf = createTypesOf(deps.typesOfCrd, bound)
  const apisOf = createApisOf(deps, { sets, bound, typesOf })
  const boundAcross = createAcross({ sets, typesOf, generation: () => bound.generation })
  const changes = createDefinitionChanges()
  const follow = createFollowers(deps, { sets, bound, changed, changes })
  const fixedTypes = [...deps.nativeTypes, ...deps.systemTypes]
  return {
    apisOf,
    typesOfGroup: (cluster, group) =>
      [
        ...fixedTypes,
        ...sets
          .of(cluster)
          .list.filter(record => hasGroup(record, group))
          .flatMap(typesOf),
      ].filter(type => type.group === group),
    findAcross(group, version, resource, identity, metadataOnly) {
      const isAsked = (type: ResourceType) => type.group === group && type.resource === resource
      const fixed = fixedTypes.find(type => isAsked(type) && type.version === version)
      if (identity === '' && fixed) return [fixed]
      if (identity === '' && !metadataOnly) return []
      return onePerPrefix(boundAcross(group, resource), version, identity)
    },
    changedAt: changes.revisionOf,
    onChange: listener => listeners.push(listener),
    boundExport(cluster, group, resource) {
      for (const record of sets.of(cluster).list) {
        if (record.type !== 'binding') continue
        const found = record.resources.find(r => r.group === group && r.resource === resource)
        if (found) return { ...record, identityHash: found.identityHash, schemaUid: found.schemaUid }
      }
      return undefined
    },
    claims: cluster =>
      sets
        .of(cluster)
        .list.flatMap(record => (record.type === 'binding' ? record.claims.map(claim => ({ ...record, claim })) : [])),
    clustersBoundTo: (exportCluster, exportName) =>
      sets.clustersWith(
        record =>
          record.type === 'binding' && record.exportCluster === exportCluster && record.exportName === exportName,
      ),
    clustersBehind(exportCluster, exportName, { schemaUids, identityHash, claims }) {
      const exported = claims.map(permissionClaim)
      const isCurrent = ({ resources, exportedClaims }: BindingRecord) =>
        equalJson(exportedClaims, exported) &&
        schemaUids.every(uid => resources.some(r => r.schemaUid === uid && r.identityHash === identityHash))
      return sets.clustersWith(
        record =>
          record.type === 'binding' &&
          record.exportCluster === exportCluster &&
          record.exportName === exportName &&
          !isCurrent(record),
      )
    },
    isSchemaBound: uid =>
      sets.all().some(record => record.type === 'binding' && record.resources.some(r => r.schemaUid === uid)),
    hasBoundCrd: bound.has,
    ...follow,
  }
}

interface SetParts {
  readonly sets: ReturnType<typeof createRecordSets>
  readonly bound: BoundTypes
  readonly typesOf: (record: ApiRecord) => readonly ResourceType[]
}

function createApisOf({ nativeTypes, systemTypes }: CatalogDeps, { sets, bound, typesOf }: SetParts) {
  const fixed = createApiSet([], [nativeTypes, systemTypes])
  const build = (records: RecordSet): ApiSet => {
    const bindings = records.list.filter(record => record.type === 'binding').flatMap(typesOf)
    const crds = records.list.filter(record => record.type === 'crd').flatMap(typesOf)
    const hashes = [...records.list.map(record => record.id), String(bindings.length)]
    return createApiSet(hashes, [nativeTypes, systemTypes, bindings, crds])
  }
  // By id and not by set: those that new workspaces pass through come again with the next one.
  const apis = new LRUCache<string, { generation: number; set: ApiSet; size: number }>({
    maxSize: apiSetTypesKeptMax,
    sizeCalculation: ({ size }) => size,
  })
  return (cluster: string): ApiSet => {
    const records = sets.of(cluster)
    const cached = apis.get(records.id)
    if (cached?.generation === bound.generation) return cached.set
    const set = builtLate(fixed, () => build(records))
    const size = fixed.types.length + 1 + records.list.reduce((sum, record) => sum + groupsOf(record).length, 0)
    apis.set(records.id, { generation: bound.generation, set, size })
    return set
  }
}

/** Types that every cluster has are found at once: controllers ask for little else while many definitions come. */
function builtLate(fixed: ApiSet, build: () => ApiSet): ApiSet {
  let built: ApiSet | undefined
  const whole = (): ApiSet => {
    built ??= build()
    return built
  }
  return {
    get types() {
      return whole().types
    },
    get hash() {
      return whole().hash
    },
    find: (group, version, resource) => fixed.find(group, version, resource) ?? whole().find(group, version, resource),
  }
}

/** The same objects for the same record, so that what is known of a type is known once. */
function createTypesOf(typesOfCrd: CatalogDeps['typesOfCrd'], bound: BoundTypes) {
  const ofCrd = new WeakMap<ApiRecord, readonly ResourceType[]>()
  return (record: ApiRecord): readonly ResourceType[] => {
    if (record.type === 'binding') return bound.typesOf(record)
    const types = ofCrd.get(record) ?? typesOfCrd(record.crd, '')
    ofCrd.set(record, types)
    return types
  }
}

const crd = (value: Uint8Array | undefined) => value && crdRecord(parseStored(value))

interface Parts {
  readonly sets: ReturnType<typeof createRecordSets>
  readonly bound: BoundTypes
  readonly changed: (cluster: string) => void
  readonly changes: DefinitionChanges
}

const latestRecordsMax = 1000

/** A sink for the records of one type; a new filling replaces all of them at its end. */
function recordSink(
  { sets, changes }: Pick<Parts, 'sets' | 'changes'>,
  type: ApiRecord['type'],
  read: (value: Uint8Array | undefined) => ApiRecord | undefined,
): PrefixSink {
  let staged: Map<string, ApiRecord[]> | undefined
  const stagedById = new Map<string, ApiRecord>()
  /** Equal CRDs of many clusters are one in memory. */
  const shared = (record: ApiRecord | undefined) => {
    const known = record && (sets.find(record.id) ?? stagedById.get(record.id))
    if (record && !known && staged) stagedById.set(record.id, record)
    return known ?? record
  }
  /** What was put last, so that an object in the making is not parsed twice at every write. */
  const latest = new LRUCache<string, { record: ApiRecord | undefined }>({ max: latestRecordsMax })
  return {
    filling() {
      staged = new Map()
      latest.clear()
    },
    filled() {
      sets.replaceAll(type, staged ?? new Map())
      staged = undefined
      stagedById.clear()
    },
    put(suffix, value, { previous, revision }) {
      const { cluster } = splitSuffix(suffix)
      const record = shared(read(value))
      if (staged === undefined) {
        const known = latest.get(suffix)
        const before = known ? known.record : read(previous)
        if (before?.id !== record?.id) changes.note(cluster, { before, after: record, revision })
        sets.change(cluster, before, record)
        latest.set(suffix, { record })
      } else if (record) staged.set(cluster, [...(staged.get(cluster) ?? []), record])
    },
    remove(suffix, last) {
      latest.delete(suffix)
      sets.change(splitSuffix(suffix).cluster, read(last), undefined)
    },
  }
}

/** CRDs of users are records of their clusters, the others stand for schemas. */
function crdSink({ sets, bound, changed, changes }: Parts): PrefixSink {
  const local = recordSink({ sets, changes }, 'crd', crd)
  const isBound = (suffix: string) => splitSuffix(suffix).cluster === boundCrdsCluster
  const set = (suffix: string, definition: JsonObject | undefined) => {
    bound.set(splitSuffix(suffix).name, definition)
    changed('*')
  }
  return {
    // Bound CRDs that vanished unseen are kept: what is bound stays served.
    filling: local.filling,
    filled: local.filled,
    put: (suffix, value, write) => (isBound(suffix) ? set(suffix, crd(value)?.crd) : local.put(suffix, value, write)),
    remove: (suffix, last) => (isBound(suffix) ? set(suffix, undefined) : local.remove(suffix, last)),
  }
}

function both(first: PrefixSink, second: PrefixSink | undefined): PrefixSink {
  if (!second) return first
  return {
    filling() {
      first.filling()
      second.filling()
    },
    filled() {
      first.filled()
      second.filled()
    },
    put(suffix, value, previous) {
      first.put(suffix, value, previous)
      second.put(suffix, value, previous)
    },
    remove(suffix, last) {
      first.remove(suffix, last)
      second.remove(suffix, last)
    },
  }
}

function createFollowers(deps: CatalogDeps, parts: Parts) {
  const followers = [
    followPrefix({
      ...deps,
      prefix: deps.bindingsPrefix,
      sink: both(recordSink(parts, 'binding', createBindingReader()), deps.bindingsSink),
    }),
    followPrefix({ ...deps, prefix: deps.crdsPrefix, sink: crdSink(parts) }),
  ]
  return {
    synced: Promise.all(followers.map(follower => follower.synced)).then(() => undefined),
    whenCurrent: () => Promise.all(followers.map(follower => follower.whenCurrent())).then(() => undefined),
  }
}
