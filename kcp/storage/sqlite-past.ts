// Reads of an older revision: from the row of now back along `previous`. The range holds deleted keys as well, until
// their deletion is compacted, so nothing that lived at a readable revision is missed.

import type { DatabaseSync } from 'node:sqlite'
import { query } from './sqlite-schema.ts'
import type { StoredValue } from './store.ts'

interface Version {
  readonly revision: number
  readonly deleted: number
  readonly previous: number
}

interface KeyRange {
  readonly first: string
  readonly end: string | Uint8Array
}

export interface Past {
  get(key: string, revision: number): StoredValue | undefined
  list(range: KeyRange, limit: number, revision: number): StoredValue[]
  /** Keys after a key and before the end that lived at the revision. */
  count(after: string, end: string | Uint8Array, revision: number): number
}

export function createPast(database: DatabaseSync): Past {
  const from = 'FROM current c CROSS JOIN log l ON l.revision = c.revision'
  const version = 'l.revision, l.deleted, l.previous'
  const readNewest = query<Version>(database, `SELECT ${version} ${from} WHERE c.key = ?`)
  const listNewest = query<Version>(database, `SELECT ${version} ${from} WHERE c.key >= ? AND c.key < ? ORDER BY c.key`)
  const countUnchanged = query<{ count: number }>(
    database,
    'SELECT count(*) AS count FROM current WHERE key > ? AND key < ? AND deleted = 0 AND revision <= ?',
  )
  const listChanged = query<Version>(
    database,
    `SELECT ${version} ${from} WHERE c.key > ? AND c.key < ? AND c.revision > ?`,
  )
  const readVersion = query<Version>(database, 'SELECT revision, deleted, previous FROM log WHERE revision = ?')
  const readValue = query<StoredValue>(database, 'SELECT key, value, revision FROM log WHERE revision = ?')

  function revisionAsOf(newest: Version | undefined, revision: number): number | undefined {
    let version = newest
    while (version && version.revision > revision) {
      version = version.previous > 0 ? readVersion.get(version.previous) : undefined
    }
    return version?.deleted === 0 ? version.revision : undefined
  }

  return {
    get(key, revision) {
      const found = revisionAsOf(readNewest.get(key), revision)
      return found === undefined ? undefined : readValue.get(found)
    },
    list({ first, end }, limit, revision) {
      const items: StoredValue[] = []
      for (const newest of listNewest.iterate(first, end)) {
        const found = revisionAsOf(newest, revision)
        const item = found === undefined ? undefined : readValue.get(found)
        if (item) items.push(item)
        if (limit && items.length >= limit) break
      }
      return items
    },
    count(after, end, revision) {
      let count = countUnchanged.get(after, end, revision)?.count ?? 0
      for (const newest of listChanged.iterate(after, end, revision)) {
        if (revisionAsOf(newest, revision) !== undefined) count++
      }
      return count
    },
  }
}
