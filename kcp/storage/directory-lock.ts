// One process per store directory. The lock is SQLite's own on an empty file: the system lets go of it when the process
// ends in any way, and it also holds between two stores of one process. The pid beside it is only for the message.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store.ts'

const sqliteBusy = 5

export function lockDirectory(directory: string): { release(): void } {
  const pidPath = join(directory, 'store.pid')
  const database = new DatabaseSync(join(directory, 'store.lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new StoreError('Unusable', lockMessage(directory, pidPath, error))
  }
  writeFileSync(pidPath, `${process.pid}\n`)
  return {
    release() {
      rmSync(pidPath, { force: true })
      database.close()
    },
  }
}

function lockMessage(directory: string, pidPath: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!('errcode' in error) || error.errcode !== sqliteBusy)
    return `cannot lock the directory ${directory}: ${error.message}`
  return `the directory ${directory} is in use by another process (pid ${readPid(pidPath)}): stop it, or choose another directory`
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
