// Reads that are kept until somebody says that what was read has changed.
import { LRUCache } from 'lru-cache'

const entriesMax = 20_000

export interface KeptReads<T> {
  read(key: string): Promise<T>
  forget(key: string): void
}

/** Answers are kept as promises, so that requests at the same time share one read; forget makes the next one read anew. */
export function createKeptReads<T>(load: (key: string) => Promise<T>): KeptReads<T> {
  const kept = new LRUCache<string, Promise<T>>({ max: entriesMax })
  return {
    read(key) {
      const known = kept.get(key)
      if (known) return known
      const started = load(key)
      kept.set(key, started)
      started.catch(() => {
        if (kept.peek(key) === started) kept.delete(key)
      })
      return started
    },
    forget: key => void kept.delete(key),
  }
}
