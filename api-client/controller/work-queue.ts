// Keys that wait for a worker, in the order they came. A key is held once, is worked on by one worker at a time, and
// comes back when it was added again meanwhile. Delayed keys keep their earliest time. It holds keys only, never events.
import type { Clock, Timer } from '../clock.ts'
import { type BackoffLimits, backoffMs, itemBackoff } from './backoff.ts'

export interface WorkQueue {
  add(key: string): void
  addAfter(key: string, delayMs: number): void
  /** Adds after this key's back-off, which grows with each call until forget. */
  addRateLimited(key: string): void
  forget(key: string): void
  /** Failures in a row of this key. */
  failures(key: string): number
  /** The next key; undefined once closed. Each key taken must be given back by done. */
  take(): Promise<string | undefined>
  done(key: string): void
  /** Keys waiting for a worker now, delayed ones not counted. */
  readonly length: number
  /** No key waits, is delayed or is being worked on. */
  readonly isIdle: boolean
  close(): void
}

export interface WorkQueueOptions {
  readonly clock: Clock
  readonly random?: () => number
  readonly backoff?: BackoffLimits
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, random = Math.random, backoff = itemBackoff } = options
  const waiting = new Set<string>()
  const processing = new Set<string>()
  const again = new Set<string>()
  const failures = new Map<string, number>()
  const takers: ((key: string | undefined) => void)[] = []
  let closed = false

  const add = (key: string) => {
    if (closed) return
    delayed.cancel(key)
    if (processing.has(key)) again.add(key)
    else waiting.add(key)
    serve()
  }
  const delayed = delayedKeys(clock, add)
  const serve = () => {
    while (takers.length > 0 && waiting.size > 0) {
      const [key] = waiting
      if (key === undefined) return
      waiting.delete(key)
      processing.add(key)
      takers.shift()?.(key)
    }
  }
  return {
    add,
    addAfter: (key, delayMs) => {
      if (closed) return
      if (delayMs <= 0) add(key)
      else if (!waiting.has(key)) delayed.add(key, delayMs)
    },
    addRateLimited: key => {
      if (closed) return
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      delayed.add(key, backoffMs(count, backoff, random()))
    },
    forget: key => void failures.delete(key),
    failures: key => failures.get(key) ?? 0,
    take: () => {
      if (closed) return Promise.resolve(undefined)
      return new Promise(resolve => {
        takers.push(resolve)
        serve()
      })
    },
    done: key => {
      processing.delete(key)
      if (again.delete(key)) add(key)
    },
    get length() {
      return waiting.size
    },
    get isIdle() {
      return waiting.size === 0 && processing.size === 0 && delayed.size === 0
    },
    close: () => {
      closed = true
      waiting.clear()
      delayed.clear()
      for (const taker of takers.splice(0)) taker(undefined)
    },
  }
}

function delayedKeys(clock: Clock, add: (key: string) => void) {
  const timers = new Map<string, { dueMs: number; timer: Timer }>()
  const cancel = (key: string) => {
    timers.get(key)?.timer.cancel()
    timers.delete(key)
  }
  return {
    cancel,
    add(key: string, delayMs: number) {
      const dueMs = clock.now() + delayMs
      const planned = timers.get(key)
      if (planned && planned.dueMs <= dueMs) return
      cancel(key)
      const timer = clock.after(delayMs, () => {
        timers.delete(key)
        add(key)
      })
      timers.set(key, { dueMs, timer })
    },
    clear() {
      for (const key of [...timers.keys()]) cancel(key)
    },
    get size() {
      return timers.size
    },
  }
}
