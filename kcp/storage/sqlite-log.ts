// Reads the events of a prefix from the log, for watches that begin in the past. Either it goes through the rows since
// then, or, when the prefix has few keys, through the versions of each key: a thousand watchers of one namespace each
// that come back together must not each read five minutes of everybody's history.

import type { DatabaseSync } from 'node:sqlite'
import { limited, query } from './sqlite-schema.ts'
import type { StoredValue, StoreEvent } from './store.ts'
import type { LogPage } from './watch.ts'

interface KeyRange {
  readonly first: string
  readonly end: string | Uint8Array
}

interface LogRange {
  readonly after: number
  readonly upTo: number
  readonly limit: number
}

interface LogRow extends StoredValue {
  readonly deleted: number
  readonly replaced: Uint8Array | null
}

interface Link {
  readonly revision: number
  readonly previous: number
}

/** Rows of the log looked at in one step of a backfill, whatever their keys. */
const scannedRowsMax = 5_000
/** Looking at a key costs about as much as this many rows of the log. */
const rowsPerKey = 8

export function createLogReader(database: DatabaseSync): (keys: KeyRange, range: LogRange) => LogPage {
  const event = `SELECT l.key, l.revision, l.deleted, l.value, p.value AS replaced
    FROM log l LEFT JOIN log p ON p.revision = l.previous AND p.deleted = 0`
  const scan = query<LogRow>(
    database,
    `${event} WHERE l.revision > ? AND l.revision <= ? AND l.key >= ? AND l.key < ? ORDER BY l.revision ${limited}`,
  )
  const readOne = query<LogRow>(database, `${event} WHERE l.revision = ?`)
  const countKeys = query<{ count: number }>(
    database,
    `SELECT count(*) AS count FROM (SELECT 1 FROM current WHERE key >= ? AND key < ? ${limited})`,
  )
  const listChanged = query<Link>(
    database,
    `SELECT l.revision, l.previous FROM current c CROSS JOIN log l ON l.revision = c.revision
     WHERE c.key >= ? AND c.key < ? AND c.revision > ?`,
  )
  const readLink = query<Link>(database, 'SELECT revision, previous FROM log WHERE revision = ?')

  function readRows({ first, end }: KeyRange, { after, upTo, limit }: LogRange): LogPage {
    const last = Math.min(upTo, after + scannedRowsMax)
    const rows = scan.all(after, last, first, end, limit)
    return { events: rows.map(eventOf), revision: rows.length < limit ? last : (rows.at(-1)?.revision ?? last) }
  }

  function readKeys({ first, end }: KeyRange, { after, upTo, limit }: LogRange): LogPage {
    const revisions: number[] = []
    for (const newest of listChanged.iterate(first, end, after)) {
      let link: Link | undefined = newest
      while (link && link.revision > after) {
        if (link.revision <= upTo) revisions.push(link.revision)
        link = readLink.get(link.previous)
      }
    }
    const taken = revisions.sort((a, b) => a - b).slice(0, limit)
    const rows = taken.flatMap(revision => readOne.get(revision) ?? [])
    return { events: rows.map(eventOf), revision: taken.length < limit ? upTo : (taken.at(-1) ?? upTo) }
  }

  return (keys, range) => {
    const keysMax = Math.floor((range.upTo - range.after) / rowsPerKey)
    const count = keysMax > 0 ? (countKeys.get(keys.first, keys.end, keysMax)?.count ?? 0) : 0
    return count < keysMax ? readKeys(keys, range) : readRows(keys, range)
  }
}

function eventOf({ key, revision, deleted, value, replaced }: LogRow): StoreEvent {
  const previous = replaced ? { previous: replaced } : {}
  if (deleted) return { type: 'delete', key, revision, value: replaced ?? value, ...previous }
  return { type: 'put', key, revision, value, ...previous }
}
