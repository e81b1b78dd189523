// Opens the files of the SQLite store: the directory's lock, the database and the mark. Refuses every state of them in
// which acknowledged writes may be missing; it never starts empty in a directory that was in use.

import { accessSync, closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lockDirectory } from './directory-lock.ts'
import { createMark, openMark, readMark } from './revision-mark.ts'
import { applicationId, createTables, query, schemaVersion } from './sqlite-schema.ts'
import { StoreError } from './store.ts'

export interface StoreFiles {
  readonly reader: DatabaseSync
  readonly databasePath: string
  readonly markPath: string
  /** The writer must be closed before. */
  close(): void
}

/** Nobody holds a lock for long; a backup tool may for a moment. */
const busyTimeoutMs = 5_000
/** Memory a connection may use for pages: kibibytes, negative as SQLite wants it. */
const readerCacheKibibytes = -16_384
const writerCacheKibibytes = -8_192
/**
 * Pages in the write-ahead log before they are copied to the main file, for which a commit waits: 2,000 took 30 ms.
 * The file is cut back to the bytes below.
 */
const walPagesMax = 500
const walFileBytesMax = 16 * 1024 * 1024

export function openStoreFiles(directory: string): StoreFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  checkAccess(directory)
  const lock = lockDirectory(directory)
  const databasePath = join(directory, 'store.db')
  const markPath = join(directory, 'store.mark')
  try {
    const reader = refusing(directory, () => openChecked(databasePath, markPath))
    syncDirectory(directory)
    return {
      reader,
      databasePath,
      markPath,
      close() {
        try {
          reader.close()
          openMark(markPath).closeDurably()
        } finally {
          lock.release()
        }
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

const fileNames = ['store.pid', 'store.lock', 'store.db', 'store.db-wal', 'store.db-shm', 'store.mark']

/** SQLite would only say that it cannot open a file, or find out at the first write. */
function checkAccess(directory: string): void {
  const mayUse = (path: string, mode: number): void => {
    try {
      accessSync(path, mode)
    } catch {
      const problem = `the store cannot be used: this user may not read and write ${path}`
      throw new StoreError('Unusable', `${problem}. Start as the user it belongs to, or change its owner or mode.`)
    }
  }
  mayUse(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  for (const name of fileNames) {
    const path = join(directory, name)
    if (existsSync(path)) mayUse(path, constants.R_OK | constants.W_OK)
  }
}

/** The one connection that writes. Its settings are what makes a commit durable, so they are read back. */
export function openWriter(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  database.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = ${writerCacheKibibytes};
    PRAGMA wal_autocheckpoint = ${walPagesMax};
    PRAGMA journal_size_limit = ${walFileBytesMax};
  `)
  const mode = query<{ journal_mode: string }>(database, 'PRAGMA journal_mode').get()?.journal_mode
  const synchronous = query<{ synchronous: number }>(database, 'PRAGMA synchronous').get()?.synchronous
  if (mode === 'wal' && synchronous === 2) return database
  database.close()
  throw new StoreError('Unusable', `${path}: journal mode ${mode}, synchronous ${synchronous}; wal and 2 are needed`)
}

function openChecked(databasePath: string, markPath: string): DatabaseSync {
  const mark = readMark(markPath)
  const isNew = !isPresent(databasePath, mark !== undefined)
  // A refused store stays as it is: only a connection that cannot write leaves a damaged log alone.
  if (!isNew) closing(new DatabaseSync(databasePath, { readOnly: true }), database => checkContent(database, mark))
  const reader = new DatabaseSync(databasePath, { timeout: busyTimeoutMs })
  try {
    if (needsTables(reader)) createStore(reader)
    if (mark === undefined) createMark(markPath, readRevision(reader))
    reader.exec(`PRAGMA query_only = ON; PRAGMA cache_size = ${readerCacheKibibytes}`)
    return reader
  } catch (error) {
    reader.close()
    throw error
  }
}

function closing(database: DatabaseSync, use: (database: DatabaseSync) => void): void {
  try {
    use(database)
  } finally {
    database.close()
  }
}

function readRevision(database: DatabaseSync): number {
  const revision = query<{ revision: number }>(database, 'SELECT revision FROM counters').get()?.revision
  if (revision === undefined) throw new Error('its counters are missing')
  return revision
}

function checkContent(database: DatabaseSync, mark: number | undefined): void {
  if (needsTables(database)) {
    if (mark === undefined) return
    throw new Error('it has no tables, but the directory was in use')
  }
  checkSchema(database)
  checkWhole(database)
  const revision = readRevision(database)
  if (mark === undefined || revision >= mark) return
  throw new Error(`it ends at revision ${revision}, but writes up to ${mark} were acknowledged (store.mark)`)
}

/** SQLite takes a file of 0 bytes for a new database and throws its log away: that must not happen to a used one. */
function isPresent(databasePath: string, used: boolean): boolean {
  const bytes = existsSync(databasePath) ? statSync(databasePath).size : undefined
  if (bytes) return true
  const walPath = `${databasePath}-wal`
  if (!used && !(existsSync(walPath) && statSync(walPath).size > 0)) return false
  throw new Error(`it is ${bytes === 0 ? 'empty' : 'missing'}, but the directory was in use`)
}

/** The first start ended before the tables were there. */
function needsTables(database: DatabaseSync): boolean {
  const tables = query<{ count: number }>(database, 'SELECT count(*) AS count FROM sqlite_schema').get()?.count
  return tables === 0 && readVersion(database) === 0
}

function readVersion(database: DatabaseSync): number {
  return query<{ user_version: number }>(database, 'PRAGMA user_version').get()?.user_version ?? 0
}

function createStore(database: DatabaseSync): void {
  database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec(`BEGIN IMMEDIATE; ${createTables} COMMIT`)
}

function checkSchema(database: DatabaseSync): void {
  const application = query<{ application_id: number }>(database, 'PRAGMA application_id').get()?.application_id
  if (application !== applicationId) throw new Error('it is a database of another program')
  const version = readVersion(database)
  if (version <= schemaVersion) return
  throw new Error(
    `it has format ${version}, written by a newer version (this one knows format ${schemaVersion}): upgrade`,
  )
}

/** A larger file would take longer to read than a start may; then only the index of the state is read whole. */
const checkedBytesMax = 512 * 1024 * 1024

function checkWhole(database: DatabaseSync): void {
  const pages = query<{ page_count: number }>(database, 'PRAGMA page_count').get()?.page_count ?? 0
  const pageBytes = query<{ page_size: number }>(database, 'PRAGMA page_size').get()?.page_size ?? 0
  const check = pages * pageBytes <= checkedBytesMax ? 'PRAGMA quick_check(1)' : 'PRAGMA quick_check(current)'
  const found = query<{ quick_check: string }>(database, check).get()?.quick_check
  if (found !== 'ok') throw new Error(`it is damaged: ${found}`)
}

function refusing<Result>(directory: string, open: () => Result): Result {
  try {
    return open()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError(
      'Unusable',
      `the store ${join(directory, 'store.db')} cannot be used: ${reason}. ` +
        `Restore a backup of ${directory} (all store.* files of it), or move the directory away to start empty.`,
    )
  }
}

/** New names in a directory are durable only when the directory is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
