// What must happen to one synced object. Pure: no clock, no I/O. Upstream wins; downstream is repaired when it drifts.
import type { Applied, DownstreamRecord, UpstreamRecord } from '../synced-object.ts'

export interface ObservedObject {
  readonly upstream: UpstreamRecord | undefined
  readonly downstream: DownstreamRecord | undefined
  /** What this process applied or has found to be in sync. */
  readonly applied: Applied | undefined
}

export type SpecDecision =
  | { readonly type: 'nothing' }
  /** Our finalizer first, then all that follows. */
  | { readonly type: 'own' }
  | { readonly type: 'apply' }
  /** Nothing is remembered of it: compare the bodies, apply only when they differ. */
  | { readonly type: 'compare' }
  | { readonly type: 'delete'; readonly uid: string }
  /** Upstream it is gone from our cache: delete only when the server says so too. */
  | { readonly type: 'delete-if-gone-upstream'; readonly uid: string }
  /** Downstream it is gone from our cache: give it free upstream once the server says so too. */
  | { readonly type: 'release' }

export function decideSpec({ upstream, downstream, applied }: ObservedObject): SpecDecision {
  if (!upstream) return decideGone(downstream)
  if (upstream.isDeletionRequested && !upstream.isHeld) return decideDeletion(upstream, downstream)
  if (!upstream.isOwned) return { type: 'own' }
  if (!downstream) return { type: 'apply' }
  // It comes back once it is gone: the DELETED event wakes this key again.
  if (downstream.isTerminating) return { type: 'nothing' }
  if (!applied) return { type: 'compare' }
  const isInSync = applied.specHash === upstream.specHash && applied.contentHash === downstream.contentHash
  return { type: isInSync ? 'nothing' : 'apply' }
}

function decideGone(downstream: DownstreamRecord | undefined): SpecDecision {
  if (!downstream || downstream.isTerminating) return { type: 'nothing' }
  return { type: 'delete-if-gone-upstream', uid: downstream.uid }
}

function decideDeletion(upstream: UpstreamRecord, downstream: DownstreamRecord | undefined): SpecDecision {
  if (!downstream) return { type: upstream.isOwned ? 'release' : 'nothing' }
  if (downstream.isTerminating) return { type: 'nothing' }
  return { type: 'delete', uid: downstream.uid }
}
