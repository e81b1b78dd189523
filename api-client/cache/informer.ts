// Contract of an informer: a local, indexed copy of what matters of one resource, kept true by list and watch.
// The reflector (reflector.ts) feeds it. It never forgets its content because a watch broke: absent is not deleted.
import type { KubeObject, ObjectKey } from '../../api/objects.ts'

export interface Informer<T> {
  /** Key text as formatKey makes it. */
  get(key: string): T | undefined
  entries(): IterableIterator<[key: string, value: T]>
  /** Values whose index function returned this text. Throws for an unknown index. */
  byIndex(index: string, value: string): T[]
  /** Called synchronously after the cache changed, in order. `before`/`after` undefined: was not / is no longer there. */
  onChange(listener: (key: ObjectKey, after: T | undefined, before: T | undefined) => void): void
  /** True after the first complete list has been delivered to the listeners. */
  readonly hasSynced: boolean
  readonly synced: Promise<void>
}

export interface Projection<T> {
  /** What to keep of an object; undefined keeps nothing (the object is not in the cache). Default: the whole object. */
  readonly project: (object: KubeObject) => T | undefined
  readonly indexes?: Readonly<Record<string, (value: T, key: ObjectKey) => readonly string[]>>
}
