// The tables, and how statements are typed. Each value is stored once, in the log; `current` says which row of the log
// is the state of a key. A deleted key keeps its row in `current` until compaction, so that the past can be read.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export const schemaVersion = 1
/** "kcps" in the header of the file. */
export const applicationId = 0x6b637073

/** A revision is one row; `previous` is the row of the same key it replaced, 0 when there was none. */
export const createTables = `
  CREATE TABLE log (
    revision INTEGER PRIMARY KEY,
    previous INTEGER NOT NULL,
    atMs INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL
  ) STRICT;
  CREATE TABLE current (
    key TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE counters (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    compacted INTEGER NOT NULL
  ) STRICT;
  INSERT INTO counters VALUES (0, 0, 0);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`

/** A plain `LIMIT ?` makes SQLite prepare the statement anew each time it gets a value. */
export const limited = 'LIMIT (? + 0)'

export interface CountersRow {
  readonly revision: number
  readonly compacted: number
}

export interface Query<Row> {
  get(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
  iterate(...values: SQLInputValue[]): Iterable<Row>
  run(...values: SQLInputValue[]): void
}

/** A prepared statement whose rows have the named shape: the one place where rows are believed. */
export function query<Row>(database: DatabaseSync, sql: string): Query<Row> {
  return database.prepare(sql) as unknown as Query<Row>
}

/** The same for rows as arrays: half the price where there are many of them. */
export function tupleQuery<Row extends readonly unknown[]>(database: DatabaseSync, sql: string): Query<Row> {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return statement as unknown as Query<Row>
}
