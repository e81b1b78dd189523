// The loop of scheduling controllers: nothing is decided before everything they look at has been listed.
import { known, type Loop, type LoopDeps, type LoopOptions, startLoop } from './loop.ts'
import type { SchedulingInformers } from './scheduling-informers.ts'

export interface SchedulingDeps extends LoopDeps {
  readonly scheduling: SchedulingInformers
  readonly now: () => Date
  /** A SyncTarget without a heartbeat for so long is not ready. Default one minute. */
  readonly heartbeatThresholdMs?: number
  /** Resolves when every informer has listed once: before, what is only unknown would look absent. */
  readonly known: Promise<unknown>
}

export function startSchedulingLoop(deps: SchedulingDeps, options: LoopOptions): Loop {
  return startLoop(deps, {
    ...options,
    reconcile: async (key, signal) => {
      await known(deps.known, signal)
      return (await options.reconcile(key, signal)) ?? undefined
    },
  })
}
