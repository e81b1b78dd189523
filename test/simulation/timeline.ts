// Virtual time: everything that waits in a simulation waits here, and nothing happens between two steps. Time stands
// still while what a step began runs to its end, so a run costs what it computes, whatever the hours it spans.
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock, Timer } from '../../api-client/clock.ts'

export interface Timeline extends Clock {
  /** The next call that is due, and everything it leads to at once. Throws when none waits. */
  step(): Promise<void>
  /** Counts what runs outside of timers, so that a step does not end before it. */
  running<T>(work: Promise<T>): Promise<T>
  readonly startedAtMs: number
}

interface Due {
  readonly atMs: number
  /** Of two at one time the first planned comes first. */
  readonly order: number
  readonly call: () => void
  isCancelled: boolean
}

/** Turns of the event loop after which nothing that was begun moves any more: some parts yield once or twice. */
const quietTurns = 3
/** A request may wait for time to pass (a server that starts): then the step ends without it. */
const turnsMax = 200
/** Many times what a run takes: something goes round in circles. */
const stepsMax = 150_000

export function createTimeline(startedAtMs: number): Timeline {
  const heap: Due[] = []
  let nowMs = startedAtMs
  let planned = 0
  let active = 0
  let steps = 0

  async function settle(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < quietTurns && turns < turnsMax; turns++) {
      const before = active
      await turn()
      quiet = active === 0 && before === 0 ? quiet + 1 : 0
    }
  }
  return {
    startedAtMs,
    now: () => nowMs,
    after(delayMs, call): Timer {
      const due: Due = { atMs: nowMs + Math.max(0, delayMs), order: planned++, call, isCancelled: false }
      push(heap, due)
      return {
        cancel() {
          due.isCancelled = true
        },
      }
    },
    async running(work) {
      active++
      try {
        return await work
      } finally {
        active--
      }
    },
    async step() {
      for (let due = pop(heap); due; due = pop(heap)) {
        if (due.isCancelled) continue
        if (++steps > stepsMax) throw new Error(`more than ${stepsMax} steps`)
        nowMs = due.atMs
        due.call()
        await settle()
        return
      }
      throw new Error('nothing is left to happen')
    },
  }
}

/** The clock of one process: it may be wrong, may jump, and stops with the process. */
export interface ProcessClock extends Clock {
  offsetMs: number
  isStopped: boolean
}

export function createProcessClock(timeline: Timeline): ProcessClock {
  const clock: ProcessClock = {
    offsetMs: 0,
    isStopped: false,
    now: () => timeline.now() + clock.offsetMs,
    after: (delayMs, call) =>
      timeline.after(delayMs, () => {
        if (!clock.isStopped) call()
      }),
  }
  return clock
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || !isBefore(due, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = due
}

function pop(heap: Due[]): Due | undefined {
  const [first] = heap
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    let below = 2 * at + 1
    const [left, right] = [heap[below], heap[below + 1]]
    if (!left) break
    if (right && isBefore(right, left)) below++
    const smaller = heap[below]
    if (!smaller || !isBefore(smaller, last)) break
    heap[at] = smaller
    at = below
  }
  heap[at] = last
  return first
}
