// Lists over all logical clusters read page after page, each in one step: one page of one of them a turn of the event
// loop, so that requests wait for a page and not for all lists of a start.
import { setImmediate } from 'node:timers/promises'

/** Resolves when it is the caller's turn; in the order of the calls. */
export type ListTurn = () => Promise<void>

export function createListTurns(): ListTurn {
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const turn = last.then(() => setImmediate())
    last = turn
    return turn
  }
}
