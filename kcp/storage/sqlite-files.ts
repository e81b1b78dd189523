// Opens the files of the SQLite store, and refuses every state of them in which data may be missing.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTables, query } from './sqlite-schema.ts'

export interface StoreFiles {
  /** Writes; nobody else does. */
  readonly writer: DatabaseSync
  readonly reader: DatabaseSync
  close(): void
}

export function openStoreFiles(directory: string): StoreFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'store.db')
  const writer = new DatabaseSync(path)
  writer.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  const version = query<{ user_version: number }>(writer, 'PRAGMA user_version').get()?.user_version
  if (version === 0) writer.exec(`BEGIN IMMEDIATE; ${createTables} COMMIT`)
  const reader = new DatabaseSync(path)
  reader.exec('PRAGMA query_only = ON')
  return {
    writer,
    reader,
    close() {
      reader.close()
      writer.close()
    },
  }
}
