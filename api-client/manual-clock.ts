// A clock that moves only when told to: for tests and simulations.
import type { Clock } from './clock.ts'

export interface ManualClock extends Clock {
  /** Moves on, calling what is due in order of time. */
  advance(byMs: number): void
  /** Time of the next call; undefined when none waits. */
  readonly nextDueMs: number | undefined
}

export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  const waiting = new Set<{ dueMs: number; call: () => void }>()
  const next = () => [...waiting].sort((a, b) => a.dueMs - b.dueMs)[0]
  return {
    now: () => nowMs,
    after(delayMs, call) {
      const entry = { dueMs: nowMs + Math.max(0, delayMs), call }
      waiting.add(entry)
      return { cancel: () => void waiting.delete(entry) }
    },
    advance(byMs) {
      const untilMs = nowMs + byMs
      for (let entry = next(); entry && entry.dueMs <= untilMs; entry = next()) {
        waiting.delete(entry)
        nowMs = entry.dueMs
        entry.call()
      }
      nowMs = untilMs
    },
    get nextDueMs() {
      return next()?.dueMs
    },
  }
}
