// A store that tells of each write before the writer learns that it succeeded, so that what is kept in memory is forgotten
// in time for the writer's next request. Writes of other processes are not seen here; the watch shows those.
import type { Store } from '../storage/store.ts'

export function observeWrites(store: Store, written: (key: string) => void): Store {
  const after = async (key: string, write: Promise<number>): Promise<number> => {
    try {
      return await write
    } finally {
      // Also after a failure: the write may have reached the disk all the same.
      written(key)
    }
  }
  return {
    get revision() {
      return store.revision
    },
    get compactedRevision() {
      return store.compactedRevision
    },
    get: (key, options) => store.get(key, options),
    list: (prefix, options) => store.list(prefix, options),
    create: (key, value) => after(key, store.create(key, value)),
    update: (key, value, expectedRevision) => after(key, store.update(key, value, expectedRevision)),
    delete: (key, expectedRevision) => after(key, store.delete(key, expectedRevision)),
    watch: (prefix, afterRevision, signal) => store.watch(prefix, afterRevision, signal),
    compact: revision => store.compact(revision),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
