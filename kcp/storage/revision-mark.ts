// A small file beside the database with the last acknowledged revision, so that a lost or older database or log is
// noticed. It is written after each commit and before the acknowledgement, without a sync of its own: after a power cut
// it may lag, but it is never ahead of the database.

import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

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

export function openMark(path: string, revision?: number): RevisionMark {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  const mark: RevisionMark = {
    write(reached) {
      writeSync(descriptor, `kcp store, acknowledged up to revision ${String(reached).padStart(16, '0')}\n`, 0)
    },
    closeDurably() {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
  if (revision !== undefined) mark.write(revision)
  return mark
}
