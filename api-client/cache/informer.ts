// Contract of an informer: a local, indexed copy of what matters of one resource, kept true by list and watch.
// The reflector (reflector.ts) feeds it. It never forgets its content because a watch broke: absent is not deleted.
import type { KubeObject, ObjectKey } from '../../api/objects.ts'

/**
 * `before`/`after` undefined: was not / is no longer there. `object` is what the server sent, the last state on deletion;
 * absent when a list showed that it is gone. Keep it no longer than needed.
 */
export type ChangeListener<T> = (
  key: ObjectKey,
  after: T | undefined,
  before: T | undefined,
  object: KubeObject | undefined,
) => void

/** What is known, whoever lists and watches. */
export interface FedInformer<T> {
  /** Key text as formatKey makes it. */
  get(key: string): T | undefined
  entries(): IterableIterator<[key: string, value: T]>
  readonly size: number
  /** Values whose index function returned this text. Throws for an unknown index. */
  byIndex(index: string, value: string): T[]
  /** Keys of the same. */
  keysByIndex(index: string, value: string): string[]
  /** Called synchronously after the cache changed, in order. Returns how to stop listening. */
  onChange(listener: ChangeListener<T>): () => void
  /** True after the first complete list has been delivered to the listeners. */
  readonly hasSynced: boolean
  readonly synced: Promise<void>
}

export interface Informer<T> extends FedInformer<T> {
  /** Lists and watches until the signal fires. Call it once. */
  run(signal: AbortSignal): Promise<void>
}

export interface Projection<T> {
  /** What to keep of an object; undefined keeps nothing (the object is not in the cache). */
  readonly project: (object: KubeObject) => T | undefined
  readonly indexes?: Readonly<Record<string, (value: T, key: ObjectKey) => readonly string[]>>
}
