// A small file beside the database with the last acknowledged revision, so that a lost or older database or log is
// noticed. It is written after each commit and before the acknowledgement, without a sync of its own: after a power cut
// it may lag, but it is never ahead of the database.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'

export interface RevisionMark {
  write(revision: number): void
  closeDurably(): void
}

const pattern = /^kcp store, acknowledged up to revision (\d{16})\n$/

/** The revision in the file; undefined when there is no file. */
export function readMark(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  const revision = pattern.exec(readFileSync(path, 'utf8'))?.[1]
  if (revision === undefined) {
    throw new Error(`${path} cannot be read; if you are sure that store.db is whole, remove that file`)
  }
  return Number(revision)
}

/** Puts the file there whole or not at all. */
export function createMark(path: string, revision: number): void {
  const unfinished = `${path}.new`
  writeFileSync(unfinished, lineOf(revision), { mode: 0o600, flush: true })
  renameSync(unfinished, path)
}

export function openMark(path: string): RevisionMark {
  const descriptor = openSync(path, 'r+')
  return {
    // The line always has the same length and lies in one block.
    write: revision => void writeSync(descriptor, lineOf(revision), 0),
    closeDurably() {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function lineOf(revision: number): string {
  return `kcp store, acknowledged up to revision ${String(revision).padStart(16, '0')}\n`
}
