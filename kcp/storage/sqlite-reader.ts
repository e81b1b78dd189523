// The reading side of the SQLite store: its own connection, which sees only what is committed. Synchronous.

import type { DatabaseSync } from 'node:sqlite'
import { compareKeys, prefixEnd } from './key-order.ts'
import { createPageCounts } from './page-counts.ts'
import { createLogReader } from './sqlite-log.ts'
import { createPast } from './sqlite-past.ts'
import { type CountersRow, limited, query, tupleQuery } from './sqlite-schema.ts'
import type { ListOptions, ListResult, StoredValue } from './store.ts'
import type { LogPage } from './watch.ts'
import { compactedError, futureRevisionError } from './write-rule.ts'

export interface Reader {
  counters(): CountersRow
  get(key: string, revision?: number): StoredValue | undefined
  list(prefix: string, options: ListOptions): ListResult
  readLog(prefix: string, range: { after: number; upTo: number; limit: number }): LogPage
  /** The next read sees what is committed by then. */
  refresh(): void
}

type CurrentRow = readonly [value: Uint8Array, revision: number]
type ListedRow = readonly [key: string, value: Uint8Array, revision: number]

export function createReader(database: DatabaseSync): Reader {
  const readCounters = query<CountersRow>(database, 'SELECT revision, compacted FROM counters')
  const readCurrent = tupleQuery<CurrentRow>(
    database,
    `SELECT l.value, l.revision FROM current c CROSS JOIN log l ON l.revision = c.revision
     WHERE c.key = ? AND c.deleted = 0`,
  )
  const listCurrent = tupleQuery<ListedRow>(
    database,
    `SELECT c.key, l.value, l.revision FROM current c CROSS JOIN log l ON l.revision = c.revision
     WHERE c.key >= ? AND c.key < ? AND c.deleted = 0 ORDER BY c.key ${limited}`,
  )
  const countCurrent = query<{ count: number }>(
    database,
    'SELECT count(*) AS count FROM current WHERE key > ? AND key < ? AND deleted = 0',
  )
  const past = createPast(database)
  const pageCounts = createPageCounts()
  const readLog = createLogReader(database)
  const turn = createTurn(database)

  function counters(): CountersRow {
    return readCounters.get() ?? { revision: 0, compacted: 0 }
  }

  function listNow({ first, end }: Range, limit: number): StoredValue[] {
    return listCurrent.all(first, end, limit || -1).map(([key, value, revision]) => ({ key, value, revision }))
  }

  function listAt(range: Range, limit: number, revision: number | undefined, now: CountersRow): ListResult {
    const at = revision ?? now.revision
    const isPast = at !== now.revision
    if (isPast) checkReadable(at, now)
    const items = isPast ? past.list(range, limit, at) : listNow(range, limit)
    const last = items.at(-1)
    if (!last || items.length !== limit) return { items, revision: at, remaining: 0 }
    const remaining = pageCounts.remaining({ range, revision: at, items: items.length, lastKey: last.key }, () =>
      isPast ? past.count(last.key, range.end, at) : (countCurrent.get(last.key, range.end)?.count ?? 0),
    )
    return { items, revision: at, remaining }
  }

  return {
    counters,
    refresh: turn.end,
    get(key, revision) {
      turn.begin()
      if (revision === undefined) {
        const row = readCurrent.get(key)
        return row && { key, value: row[0], revision: row[1] }
      }
      checkReadable(revision, counters())
      return past.get(key, revision)
    },
    list(prefix, { start, limit = 0, revision }) {
      turn.begin()
      return listAt(rangeOf(prefix, start), limit, revision, counters())
    },
    readLog(prefix, range) {
      turn.begin()
      const now = counters()
      if (range.after < now.compacted) throw compactedError(range.after, now.compacted)
      return readLog(rangeOf(prefix), range)
    },
  }
}

/**
 * One transaction for the reads of one turn of the event loop: they see one state of the file, and each costs half of
 * one that locks by itself. It never outlives the turn: a checkpoint must find moments without readers.
 */
function createTurn(database: DatabaseSync): { begin(): void; end(): void } {
  const begin = query(database, 'BEGIN')
  const commit = query(database, 'COMMIT')
  let isOpen = false

  function end(): void {
    if (!isOpen) return
    isOpen = false
    if (database.isOpen) commit.run()
  }
  return {
    begin() {
      if (isOpen) return
      begin.run()
      isOpen = true
      setImmediate(end)
    },
    end,
  }
}

function checkReadable(revision: number, now: CountersRow): void {
  if (revision > now.revision) throw futureRevisionError(revision, now.revision)
  if (revision < now.compacted) throw compactedError(revision, now.compacted)
}

export interface Range {
  readonly first: string
  /** Exclusive; a blob is greater than every text. */
  readonly end: string | Uint8Array
}

function rangeOf(prefix: string, start = ''): Range {
  const first = compareKeys(start, prefix) > 0 ? start : prefix
  return { first, end: prefixEnd(prefix) ?? new Uint8Array() }
}
