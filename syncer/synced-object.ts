// Words of the syncer: what it keeps of an object on each side. Hashes and versions, never bodies.
import type { GroupVersionResource, KubeObject, ObjectKey } from '../api/objects.ts'

export interface UpstreamRecord {
  readonly uid: string
  readonly resourceVersion: string
  /** Of everything that flows down. */
  readonly specHash: string
  /** Of the status without its observedGeneration; undefined without a status. */
  readonly statusHash: string | undefined
  readonly generation: number | undefined
  readonly observedGeneration: number | undefined
  /** Our finalizer is on it. */
  readonly isOwned: boolean
  readonly isDeletionRequested: boolean
  /** Someone else still needs the downstream object although deletion is requested. */
  readonly isHeld: boolean
  readonly downstreamName: string
  /** A token secret: whose, and since when. */
  readonly token?: { readonly serviceAccount: string; readonly createdAt: string }
}

export interface DownstreamRecord {
  readonly uid: string
  readonly resourceVersion: string
  /** Of the fields that our field manager owns, and their values. */
  readonly contentHash: string
  /** As upstream. */
  readonly statusHash: string | undefined
  readonly generation: number | undefined
  readonly observedGeneration: number | undefined
  readonly isTerminating: boolean
  /** Locator annotation of cluster-scoped objects, as it stands there. */
  readonly locator: string | undefined
}

/** What is known of one side: the cache, overlaid with the answers to our own writes that the watch has not yet shown. */
export interface RecordStore<T> {
  readonly hasSynced: boolean
  get(key: string): T | undefined
  keys(): IterableIterator<string>
  /** Keys in one namespace, `<cluster>|<namespace>` upstream, `<namespace>` downstream. */
  keysInNamespace(namespace: string): readonly string[]
  /** Remembers the answer to a write. */
  remember(object: KubeObject): T | undefined
  /** The newest body known, from memory or else by a GET; undefined when the server says that there is no such object. */
  body(key: ObjectKey): Promise<KubeObject | undefined>
  /** Nothing is left to do with it: if it is needed again all the same, `body` reads it. */
  dropBody(key: string): void
  /** A GET, whatever is in memory. */
  fetch(key: ObjectKey): Promise<KubeObject | undefined>
}

export interface Applied {
  /** specHash of the upstream object that was applied. */
  readonly specHash: string
  /** contentHash of the downstream object after that. */
  readonly contentHash: string
}

/** One synced resource: both sides, and what was applied. */
export interface SyncedKind {
  readonly id: string
  readonly gvr: GroupVersionResource
  readonly kind: string
  readonly namespaced: boolean
  readonly upstream: RecordStore<UpstreamRecord>
  readonly downstream: RecordStore<DownstreamRecord>
  /** By upstream key. */
  readonly applied: Map<string, Applied>
}
