// The writing side of the SQLite store: applies a batch of writes in one transaction, decides each of them in order,
// and forgets old history in the same transaction. Synchronous; it knows no clock, no promises and no watchers.

import type { DatabaseSync } from 'node:sqlite'
import { type CountersRow, limited, query } from './sqlite-schema.ts'
import { refuseWrite, type WriteKind, type WriteRefusal } from './write-rule.ts'

export interface Write {
  readonly kind: WriteKind
  readonly key: string
  /** Empty for a delete. */
  readonly value: Uint8Array
  /** 0 for a create. */
  readonly expected: number
}

export interface WriteBatch {
  readonly writes: readonly Write[]
  readonly atMs: number
  /** History written before this time may be forgotten, a part of it with each batch. */
  readonly forgetBeforeMs: number
}

export type WriteOutcome =
  | { readonly revision: number; readonly previous?: Uint8Array }
  | { readonly refusal: WriteRefusal }

export interface CommitResult {
  /** One for each write, in order. */
  readonly outcomes: readonly WriteOutcome[]
  readonly revision: number
  readonly compactedRevision: number
}

export interface CompactResult {
  readonly compactedRevision: number
  /** Nothing is left to do: all is forgotten and the disk has its pages back. */
  readonly done: boolean
}

export interface Engine {
  /** Returns after the commit is on disk. When it throws nothing of the batch was written. */
  commit(batch: WriteBatch): CommitResult
  /** Forgets a part of the history up to a revision. */
  compactStep(revision: number): CompactResult
}

/** Rows of the log a batch looks at to forget them: twice as many as it writes, and at least this many. */
const forgottenRowsMin = 64
/** Rows of one step of an explicit compaction. */
const compactedRowsMax = 1_000
/** Free pages kept for later writes; more are given back to the disk, that many at a time. */
const freePagesMax = 512
const returnedPagesMax = 512

interface CurrentRow {
  readonly revision: number
  readonly deleted: number
  readonly value: Uint8Array | null
}

interface LogRow {
  readonly revision: number
  readonly previous: number
  readonly atMs: number
  readonly deleted: number
  readonly key: string
}

export function createEngine(database: DatabaseSync): Engine {
  const readCounters = query<CountersRow>(database, 'SELECT revision, compacted FROM counters')
  const writeCounters = query(database, 'UPDATE counters SET revision = ?, compacted = ?')
  const readCurrent = query<CurrentRow>(
    database,
    'SELECT c.revision, c.deleted, l.value FROM current c LEFT JOIN log l ON l.revision = c.revision WHERE c.key = ?',
  )
  const writeCurrent = query(
    database,
    `INSERT INTO current (key, revision, deleted) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted`,
  )
  const appendLog = query(
    database,
    'INSERT INTO log (revision, previous, atMs, deleted, key, value) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const forget = createForgetting(database)
  const returnPages = createPageReturn(database)
  const begin = query(database, 'BEGIN IMMEDIATE')
  const commit = query(database, 'COMMIT')
  const stored = readCounters.get()
  let { revision, compacted } = stored ?? { revision: 0, compacted: 0 }

  function apply(write: Write, atMs: number): WriteOutcome {
    const row = readCurrent.get(write.key)
    const live = row?.deleted === 0 ? row : undefined
    const refusal = refuseWrite(write.kind, live?.revision, write.expected)
    if (refusal) return { refusal }
    const deleted = write.kind === 'delete' ? 1 : 0
    revision++
    appendLog.run(revision, row?.revision ?? 0, atMs, deleted, write.key, write.value)
    writeCurrent.run(write.key, revision, deleted)
    return live?.value ? { revision, previous: live.value } : { revision }
  }

  function transaction<Result>(body: () => Result): Result {
    const before = { revision, compacted }
    begin.run()
    try {
      const result = body()
      if (revision !== before.revision || compacted !== before.compacted) writeCounters.run(revision, compacted)
      commit.run()
      return result
    } catch (error) {
      ;({ revision, compacted } = before)
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    commit({ writes, atMs, forgetBeforeMs }) {
      return transaction(() => {
        const outcomes = writes.map(write => apply(write, atMs))
        const rowsMax = Math.max(2 * writes.length, forgottenRowsMin)
        const reached = forget({ after: compacted, upTo: revision, beforeMs: forgetBeforeMs, rowsMax })
        if (reached > compacted) returnPages()
        compacted = reached
        return { outcomes, revision, compactedRevision: compacted }
      })
    },
    compactStep(upTo) {
      return transaction(() => {
        const options = { after: compacted, upTo, beforeMs: Number.MAX_SAFE_INTEGER, rowsMax: compactedRowsMax }
        compacted = Math.max(forget(options), compacted)
        return { compactedRevision: compacted, done: compacted >= upTo && !returnPages() }
      })
    },
  }
}

interface ForgetOptions {
  readonly after: number
  readonly upTo: number
  readonly beforeMs: number
  readonly rowsMax: number
}

/** A row of the log is needed until the row that replaced it is forgotten; a deletion only until itself is. */
function createForgetting(database: DatabaseSync): (options: ForgetOptions) => number {
  const nextRows = query<LogRow>(
    database,
    `SELECT revision, previous, atMs, deleted, key FROM log
     WHERE revision > ? AND revision <= ? ORDER BY revision ${limited}`,
  )
  const deleteLog = query(database, 'DELETE FROM log WHERE revision = ?')
  const deleteCurrent = query(database, 'DELETE FROM current WHERE key = ? AND revision = ?')
  /** The row that was too young at last: until its time nothing needs to be read. */
  let next = { after: -1, atMs: 0 }

  return ({ after, upTo, beforeMs, rowsMax }) => {
    if (next.after === after && next.atMs >= beforeMs) return after
    const rows = nextRows.all(after, upTo, rowsMax)
    const young = rows.findIndex(row => row.atMs >= beforeMs)
    if (young >= 0) {
      next = { after: rows[young - 1]?.revision ?? after, atMs: rows[young]?.atMs ?? 0 }
      rows.length = young
    }
    for (const row of rows) {
      if (row.previous > 0) deleteLog.run(row.previous)
      if (row.deleted === 0) continue
      deleteLog.run(row.revision)
      deleteCurrent.run(row.key, row.revision)
    }
    return rows.at(-1)?.revision ?? after
  }
}

/** Gives free pages back to the disk, when there are many; false when there are not. */
function createPageReturn(database: DatabaseSync): () => boolean {
  const freePages = query<{ freelist_count: number }>(database, 'PRAGMA freelist_count')
  return () => {
    if ((freePages.get()?.freelist_count ?? 0) <= freePagesMax + returnedPagesMax) return false
    database.exec(`PRAGMA incremental_vacuum(${returnedPagesMax})`)
    return true
  }
}
