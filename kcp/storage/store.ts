// What the server needs of a database: bytes, keys and one revision counter. No Kubernetes words here.
// A resolved write is durable; reads and watches see only durable state. Every driver passes test/conformance/store.ts.
// Bytes that crossed this interface are immutable by agreement: neither side changes them afterwards.

import type { Feed } from './feed.ts'

export interface StoredValue {
  readonly key: string
  readonly value: Uint8Array
  /** Revision of the write that stored this value. */
  readonly revision: number
}

export interface StoreEvent {
  readonly type: 'put' | 'delete'
  readonly key: string
  readonly revision: number
  /** The value written; for a delete the last value the key had. */
  readonly value: Uint8Array
  /** The value before this write; absent when the key did not exist. */
  readonly previous?: Uint8Array
}

export interface ListOptions {
  /** First key to return (inclusive); must start with the prefix. */
  readonly start?: string
  readonly limit?: number
  /** Reads the state as of this revision; throws Compacted when that is gone, FutureRevision when not yet written. */
  readonly revision?: number
}

export interface ListResult {
  /** In key order (bytewise). */
  readonly items: readonly StoredValue[]
  /** Revision at which this was the state of the prefix. */
  readonly revision: number
  /** Keys after the last item, up to the end of the prefix; 0 without a limit. */
  readonly remaining: number
}

export interface Store {
  /** Revision of the last write; 0 for a store never written. */
  readonly revision: number
  /** Events up to and including this revision are gone. */
  readonly compactedRevision: number
  get(key: string, options?: { revision?: number }): Promise<StoredValue | undefined>
  list(prefix: string, options?: ListOptions): Promise<ListResult>
  /** Throws StoreError KeyExists. Resolves with the new revision once durable. */
  create(key: string, value: Uint8Array): Promise<number>
  /** Writes only if the key has this revision now; throws StoreError KeyNotFound or RevisionMismatch. */
  update(key: string, value: Uint8Array, expectedRevision: number): Promise<number>
  delete(key: string, expectedRevision: number): Promise<number>
  /**
   * Events of the prefix after a revision, in revision order, none lost, none twice, in batches as they become durable.
   * A batch may be empty: its `revision` then says how far the watch has seen everything. Throws Compacted when
   * history is gone and TooSlow when the reader falls behind by more than `bufferedEventsMax`. Ends with the signal.
   */
  watch(prefix: string, afterRevision: number, signal?: AbortSignal): StoreWatch
  /** Forgets events up to a revision (not current values). */
  compact(revision: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Read by one reader, once. Errors (Compacted, TooSlow) are thrown to the reader, not by `watch`. */
export interface StoreWatch extends Feed<EventBatch> {
  /** Asks for a batch even when nothing happens, so that its `revision` can be made a bookmark. */
  requestProgress(): void
  /** Everything that is durable was taken: what comes is new. */
  isCaughtUp(): boolean
}

export interface EventBatch {
  readonly events: readonly StoreEvent[]
  /** Everything up to this revision has been delivered. */
  readonly revision: number
}

export type StoreErrorCode =
  | 'KeyExists'
  | 'KeyNotFound'
  | 'RevisionMismatch'
  | 'Compacted'
  | 'FutureRevision'
  | 'TooSlow'
  | 'Unusable'

export class StoreError extends Error {
  readonly code: StoreErrorCode
  /** RevisionMismatch and FutureRevision: the revision now. Compacted: the oldest revision still readable. */
  readonly revision: number
  constructor(code: StoreErrorCode, message: string, revision = 0) {
    super(message)
    this.name = 'StoreError'
    this.code = code
    this.revision = revision
  }
}
