// The state and history of the memory store: all versions of each key since the last compaction, in order of keys.

import { compareKeys, lowerBound, prefixEnd } from './key-order.ts'
import type { StoredValue } from './store.ts'

/** One version of a key; `deleted` ends a life. */
export interface Version extends StoredValue {
  readonly deleted: boolean
}

export interface MemoryHistory {
  append(version: Version): void
  newest(key: string): Version | undefined
  asOf(key: string, revision: number): StoredValue | undefined
  /** Keys of a prefix in order, also those deleted since the last compaction. */
  keysOf(prefix: string, start?: string): string[]
  /** Forgets what is not needed to read a revision or a later one. */
  forget(revision: number): void
}

export function createMemoryHistory(): MemoryHistory {
  /** Oldest first. */
  const versions = new Map<string, Version[]>()
  const keys: string[] = []
  return {
    append(version) {
      const history = versions.get(version.key)
      if (history) {
        history.push(version)
        return
      }
      versions.set(version.key, [version])
      keys.splice(lowerBound(keys, version.key), 0, version.key)
    },
    newest: key => versions.get(key)?.at(-1),
    asOf(key, revision) {
      const version = versions.get(key)?.findLast(each => each.revision <= revision)
      if (!version || version.deleted) return undefined
      return { key, value: version.value, revision: version.revision }
    },
    keysOf(prefix, start) {
      const first = start !== undefined && compareKeys(start, prefix) > 0 ? start : prefix
      const end = prefixEnd(prefix)
      return keys.slice(lowerBound(keys, first), end === undefined ? undefined : lowerBound(keys, end))
    },
    forget(revision) {
      for (const [key, history] of versions) {
        const readable = history.findLastIndex(each => each.revision <= revision)
        history.splice(0, history[readable]?.deleted ? readable + 1 : Math.max(readable, 0))
        if (history.length > 0) continue
        versions.delete(key)
        keys.splice(lowerBound(keys, key), 1)
      }
    },
  }
}
