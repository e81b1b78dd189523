// When a type of a logical cluster last became another: another schema or names, or it was not there before. Watches that
// start from before then are to list again, since objects they know may look different without having been written.
// Leaves out: what happened before this process; a client that was connected then has listed since, or lists soon.
import { LRUCache } from 'lru-cache'
import { equalJson } from '../../api/json.ts'
import type { ApiRecord } from './api-record.ts'
import { objectMember, textMember } from './stored-object.ts'

export interface DefinitionChanges {
  note(cluster: string, change: { before: ApiRecord | undefined; after: ApiRecord | undefined; revision: number }): void
  /** 0: long ago. */
  revisionOf(cluster: string, type: { readonly group: string; readonly resource: string }): number
}

/** Clients of those forgotten go on from where they were. */
const changesKeptMax = 10_000

export function createDefinitionChanges(): DefinitionChanges {
  const revisions = new LRUCache<string, number>({ max: changesKeptMax })
  return {
    note(cluster, { before, after, revision }) {
      // New bindings are many, and nobody has seen their types here.
      if (before === undefined && after?.type === 'binding') return
      const old = definitionsOf(before)
      for (const [name, definition] of definitionsOf(after)) {
        if (!equalJson(old.get(name), definition)) revisions.set(`${cluster}/${name}`, revision)
      }
    },
    revisionOf: (cluster, { group, resource }) => revisions.get(`${cluster}/${resource}.${group}`) ?? 0,
  }
}

/** By `<resource>.<group>`. */
function definitionsOf(record: ApiRecord | undefined): Map<string, unknown> {
  if (record === undefined) return new Map()
  if (record.type === 'binding') {
    return new Map(record.resources.map(bound => [`${bound.resource}.${bound.group}`, bound.schemaUid]))
  }
  const { crd } = record
  const definition = {
    spec: objectMember(crd, 'spec'),
    names: objectMember(objectMember(crd, 'status'), 'acceptedNames'),
  }
  return new Map([[textMember(objectMember(crd, 'metadata'), 'name'), definition]])
}
