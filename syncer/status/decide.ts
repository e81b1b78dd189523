// Whether a status must be reported up. Pure. Downstream wins; what upstream already shows is not sent again.
import type { DownstreamRecord, UpstreamRecord } from '../synced-object.ts'

/** What the last report of an object was, and what upstream made of it (its schema may drop members). */
export interface Reported {
  readonly downstreamHash: string
  readonly upstreamHash: string | undefined
}

export interface ObservedStatus {
  readonly upstream: UpstreamRecord | undefined
  readonly downstream: DownstreamRecord | undefined
  readonly reported: Reported | undefined
}

export function decideStatus({ upstream, downstream, reported }: ObservedStatus): 'nothing' | 'report' | 'ask-again' {
  if (!downstream || downstream.statusHash === undefined || !upstream) return 'nothing'
  // Reports are refused until our finalizer is on the object.
  if (!upstream.isOwned) return upstream.isDeletionRequested ? 'nothing' : 'ask-again'
  if (downstream.statusHash === upstream.statusHash) return 'nothing'
  const wasReported = reported?.downstreamHash === downstream.statusHash
  return wasReported && reported.upstreamHash === upstream.statusHash ? 'nothing' : 'report'
}
