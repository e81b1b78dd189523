// Contract of a control loop: keys go in, each is reconciled by one worker at a time, failures back off.
// A loop knows four ends: done (forget), later (requeueAfterMs), failed (throws: back off), terminal (throws Terminal).

export interface ReconcileResult {
  readonly requeueAfterMs?: number
}
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | undefined>

/** A failure that repeating cannot mend: logged once and forgotten until the next event. */
export class Terminal extends Error {}
