// The loop of every controller: takes keys, reconciles them, backs off on failure. Ends when its signal fires, after
// the workers have given back what they hold.
import { errorText, type Log } from '../log.ts'
import { type Reconcile, Terminal } from './controller.ts'
import type { WorkQueue } from './work-queue.ts'

export interface ControllerOptions {
  readonly name: string
  readonly queue: WorkQueue
  readonly reconcile: Reconcile
  readonly log: Log
  readonly signal: AbortSignal
  /** Default 2. */
  readonly workers?: number
}

const workersDefault = 2

export async function runController(options: ControllerOptions): Promise<void> {
  const { queue, signal, workers = workersDefault } = options
  const close = () => queue.close()
  if (signal.aborted) return close()
  signal.addEventListener('abort', close, { once: true })
  await Promise.all(Array.from({ length: workers }, () => work(options)))
  signal.removeEventListener('abort', close)
}

async function work(options: ControllerOptions): Promise<void> {
  const { queue } = options
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    try {
      await reconcileOne(options, key)
    } finally {
      queue.done(key)
    }
  }
}

async function reconcileOne(options: ControllerOptions, key: string): Promise<void> {
  const { name: controller, queue, reconcile, log, signal } = options
  try {
    const result = await reconcile(key, signal)
    queue.forget(key)
    if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs)
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof Terminal) {
      queue.forget(key)
      log.error({ controller, key, error: errorText(error) }, 'reconcile failed for good')
      return
    }
    queue.addRateLimited(key)
    const fields = { controller, key, error: errorText(error), failures: queue.failures(key) }
    // The first failures of a key are often lost races; they are told only to those who ask.
    if (isWorthTelling(queue.failures(key))) log.warn(fields, 'reconcile failed, will retry')
    else log.debug(fields, 'reconcile failed, will retry')
  }
}

/** The 4th failure, then each time their number has doubled. */
function isWorthTelling(failures: number): boolean {
  return failures >= 4 && (failures & (failures - 1)) === 0
}
