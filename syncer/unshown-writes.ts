// Answers to own writes that the watch has not shown yet. One that it never shows, because the object was gone again
// before a list, is given up in the end, and told: nobody else would.
import type { Clock, Timer } from '../api-client/clock.ts'
import { isOlder } from './resource-version.ts'

export interface UnshownWrites<T> {
  get(key: string): T | undefined
  values(): T[]
  set(key: string, record: T): void
  /** The watch shows this version, or after a list that there is nothing. False: that is older than the write. */
  shown(key: string, resourceVersion: string | undefined): boolean
  /** Nothing is given up any more. */
  close(): void
}

/** How long the answer to a write is believed when the watch does not show it. */
const unshownMs = 30_000

export function createUnshownWrites<T extends { readonly resourceVersion: string }>(
  clock: Clock,
  giveUp: (key: string, record: T) => void,
): UnshownWrites<T> {
  const written = new Map<string, { readonly record: T; readonly timer: Timer | undefined }>()
  let isClosed = false
  const drop = (key: string) => {
    written.get(key)?.timer?.cancel()
    written.delete(key)
  }
  return {
    get: key => written.get(key)?.record,
    values: () => [...written.values()].map(({ record }) => record),
    set(key, record) {
      drop(key)
      const end = () => {
        drop(key)
        giveUp(key, record)
      }
      const timer = isClosed ? undefined : clock.after(unshownMs, end)
      written.set(key, { record, timer })
    },
    shown(key, resourceVersion) {
      const own = written.get(key)?.record
      if (own && resourceVersion !== undefined && isOlder(resourceVersion, own.resourceVersion)) return false
      drop(key)
      return true
    },
    close() {
      isClosed = true
      for (const { timer } of written.values()) timer?.cancel()
    },
  }
}
