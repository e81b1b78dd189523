// The reading side of the SQLite store: its own connection, which sees only what is committed. Synchronous.

import type { DatabaseSync } from 'node:sqlite'
import { compareKeys, prefixEnd } from './key-order.ts'
import { createPageCounts } from './page-counts.ts'
import { createLogReader } from './sqlite-log.ts'
import { createPast } from './sqlite-past.ts'
import { type CountersRow, query } from './sqlite-schema.ts'
import type { ListOptions, ListResult, StoredValue } from './store.ts'
import type { LogPage } from './watch.ts'
import { compactedError, futureRevisionError } from './write-rule.ts'

export interface Reader {
  counters(): CountersRow
  get(key: string, revision?: number): StoredValue | undefined
  list(prefix: string, options: ListOptions): ListResult
  readLog(prefix: string, range: { after: number; upTo: number; limit: number }): LogPage
}

export function createReader(database: DatabaseSync): Reader {
  const readCounters = query<CountersRow>(database, 'SELECT revision, compacted FROM counters')
  const readCurrent = query<StoredValue>(
    database,
    `SELECT l.key, l.value, l.revision FROM current c CROSS JOIN log l ON l.revision = c.revision
     WHERE c.key = ? AND c.deleted = 0`,
  )
  const listCurrent = query<StoredValue>(
    database,
    `SELECT l.key, l.value, l.revision FROM current c CROSS JOIN log l ON l.revision = c.revision
     WHERE c.key >= ? AND c.key < ? AND c.deleted = 0 ORDER BY c.key LIMIT ?`,
  )
  const countCurrent = query<{ count: number }>(
    database,
    'SELECT count(*) AS count FROM current WHERE key > ? AND key < ? AND deleted = 0',
  )
  const past = createPast(database)
  const pageCounts = createPageCounts()
  const readLog = createLogReader(database)
  const begin = query(database, 'BEGIN')
  const commit = query(database, 'COMMIT')

  function counters(): CountersRow {
    return readCounters.get() ?? { revision: 0, compacted: 0 }
  }

  /** All reads of the body see one state of the file. */
  function snapshot<Result>(body: (now: CountersRow) => Result): Result {
    begin.run()
    try {
      return body(counters())
    } finally {
      commit.run()
    }
  }

  function listAt(range: Range, limit: number, revision: number | undefined, now: CountersRow): ListResult {
    const at = revision ?? now.revision
    const isPast = at !== now.revision
    if (isPast) checkReadable(at, now)
    const items = isPast ? past.list(range, limit, at) : listCurrent.all(range.first, range.end, limit || -1)
    const last = items.at(-1)
    if (!last || items.length !== limit) return { items, revision: at, remaining: 0 }
    const remaining = pageCounts.remaining({ range, revision: at, items: items.length, lastKey: last.key }, () =>
      isPast ? past.count(last.key, range.end, at) : (countCurrent.get(last.key, range.end)?.count ?? 0),
    )
    return { items, revision: at, remaining }
  }

  return {
    counters,
    get(key, revision) {
      if (revision === undefined) return readCurrent.get(key)
      return snapshot(now => {
        checkReadable(revision, now)
        return past.get(key, revision)
      })
    },
    list(prefix, { start, limit = 0, revision }) {
      return snapshot(now => listAt(rangeOf(prefix, start), limit, revision, now))
    },
    readLog(prefix, range) {
      return snapshot(now => {
        if (range.after < now.compacted) throw compactedError(range.after, now.compacted)
        return readLog(rangeOf(prefix), range)
      })
    },
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
