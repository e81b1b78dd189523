// Which records each logical cluster has. Clusters with equal records point to one shared set, and names of bindings are
// not kept: a change says what the object added before and what it adds now.
import { hash } from 'node:crypto'
import { type ApiRecord, groupsOf } from './api-record.ts'

export interface RecordSet {
  readonly id: string
  readonly list: readonly ApiRecord[]
}

export interface RecordSets {
  of(cluster: string): RecordSet
  change(cluster: string, before: ApiRecord | undefined, after: ApiRecord | undefined): void
  /** The record of this id that clusters have. */
  find(id: string): ApiRecord | undefined
  /** Every distinct record of any cluster; the same list as long as it is the same records. */
  all(): readonly ApiRecord[]
  /** Those of them that have something of this group; the same list as long as it is the same records. */
  ofGroup(group: string): readonly ApiRecord[]
  /** Clusters that have a record which passes. */
  clustersWith(passes: (record: ApiRecord) => boolean): string[]
  /** All records of one type, of all clusters, become these. */
  replaceAll(type: ApiRecord['type'], records: ReadonlyMap<string, readonly ApiRecord[]>): void
}

interface SharedSet extends RecordSet {
  clusters: number
}

const emptySet: RecordSet = { id: '', list: [] }

export function createRecordSets(changed: (cluster: string) => void): RecordSets {
  const shared = new Map<string, SharedSet>()
  const clusters = new Map<string, SharedSet>()
  const distinct = createDistinctRecords()
  const assign = (cluster: string, records: readonly ApiRecord[]) => {
    const old = clusters.get(cluster)
    if (records.length === 0) clusters.delete(cluster)
    else {
      const id = hash('sha256', records.map(record => record.id).join(' '), 'base64url')
      let set = shared.get(id)
      if (!set) {
        set = { id, list: records, clusters: 0 }
        shared.set(id, set)
        distinct.add(records)
      }
      set.clusters++
      clusters.set(cluster, set)
    }
    if (old && --old.clusters === 0) {
      shared.delete(old.id)
      distinct.remove(old.list)
    }
  }
  return {
    of: cluster => clusters.get(cluster) ?? emptySet,
    change(cluster, before, after) {
      if (before?.id === after?.id) return
      assign(cluster, replaced(clusters.get(cluster)?.list ?? [], before, after))
      changed(cluster)
    },
    find: distinct.find,
    all: distinct.all,
    ofGroup: distinct.ofGroup,
    clustersWith(passes) {
      const found = new Set([...shared.values()].filter(set => set.list.some(passes)))
      return [...clusters].filter(([, set]) => found.has(set)).map(([cluster]) => cluster)
    },
    replaceAll(type, records) {
      for (const cluster of new Set([...clusters.keys(), ...records.keys()])) {
        const others = clusters.get(cluster)?.list.filter(record => record.type !== type) ?? []
        assign(cluster, [...others, ...(records.get(cluster) ?? [])].sort(byId))
      }
      changed('*')
    },
  }
}

const noRecords: readonly ApiRecord[] = []

/** Counts in how many shared sets a record is, since a new workspace passes through sets of records all others have. */
function createDistinctRecords() {
  const counts = new Map<string, { readonly record: ApiRecord; sets: number }>()
  const groups = new Map<string, readonly ApiRecord[]>()
  let list: readonly ApiRecord[] | undefined
  const leave = (record: ApiRecord) => {
    for (const group of groupsOf(record)) {
      const rest = groups.get(group)?.filter(each => each !== record) ?? []
      if (rest.length === 0) groups.delete(group)
      else groups.set(group, rest)
    }
  }
  const enter = (record: ApiRecord) => {
    for (const group of new Set(groupsOf(record))) groups.set(group, [...(groups.get(group) ?? []), record])
  }
  return {
    add(records: readonly ApiRecord[]) {
      for (const record of records) {
        const count = counts.get(record.id)
        if (count) count.sets++
        else {
          counts.set(record.id, { record, sets: 1 })
          enter(record)
          list = undefined
        }
      }
    },
    remove(records: readonly ApiRecord[]) {
      for (const { id } of records) {
        const count = counts.get(id)
        if (!count || --count.sets > 0) continue
        counts.delete(id)
        leave(count.record)
        list = undefined
      }
    },
    find: (id: string) => counts.get(id)?.record,
    ofGroup: (group: string) => groups.get(group) ?? noRecords,
    all() {
      list ??= [...counts.values()].map(({ record }) => record)
      return list
    },
  }
}

function replaced(
  list: readonly ApiRecord[],
  before: ApiRecord | undefined,
  after: ApiRecord | undefined,
): ApiRecord[] {
  const next = [...list]
  const index = before ? next.findIndex(record => record.id === before.id) : -1
  if (index >= 0) next.splice(index, 1)
  if (after) next.push(after)
  return next.sort(byId)
}

function byId(a: ApiRecord, b: ApiRecord): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
