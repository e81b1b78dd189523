import { StoreError } from './store.ts'

export type WriteKind = 'create' | 'update' | 'delete'

export interface WriteRefusal {
  readonly code: 'KeyExists' | 'KeyNotFound' | 'RevisionMismatch'
  /** RevisionMismatch: the revision the key has now. */
  readonly revision: number
}

/** Whether a write may go on: `current` is the revision of the key now, undefined when it does not exist. */
export function refuseWrite(kind: WriteKind, current: number | undefined, expected: number): WriteRefusal | undefined {
  if (kind === 'create') return current === undefined ? undefined : { code: 'KeyExists', revision: current }
  if (current === undefined) return { code: 'KeyNotFound', revision: 0 }
  return current === expected ? undefined : { code: 'RevisionMismatch', revision: current }
}

export function refusalError(key: string, refusal: WriteRefusal, expected: number): StoreError {
  const { code, revision } = refusal
  if (code === 'KeyExists') return new StoreError(code, `key ${key} exists`, revision)
  if (code === 'KeyNotFound') return new StoreError(code, `key ${key} does not exist`)
  return new StoreError(code, `key ${key} has revision ${revision}, not ${expected}`, revision)
}

export function compactedError(revision: number, compactedRevision: number): StoreError {
  return new StoreError(
    'Compacted',
    `revision ${revision} was compacted, ${compactedRevision} is the oldest`,
    compactedRevision,
  )
}

export function futureRevisionError(revision: number, now: number): StoreError {
  return new StoreError('FutureRevision', `revision ${revision} is not written yet, the store is at ${now}`, now)
}
