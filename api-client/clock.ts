// Time as a dependency: whoever waits or reads the time takes a Clock, so that tests and simulations own it.

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls once after the delay. A pending timer does not keep the process alive unless it must. */
  after(delayMs: number, call: () => void): Timer
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}

/** Waits, or returns early when the signal fires; never rejects. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const done = () => {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delayMs, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
