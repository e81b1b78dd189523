// Whether a status must be reported up. Pure. Downstream wins; what upstream already shows is not sent again.
import type { Applied, DownstreamRecord, UpstreamRecord } from '../synced-object.ts'

/** What the last report of an object was, and what upstream made of it (its schema may drop members). */
export interface Reported {
  readonly downstreamHash: string
  readonly sentGeneration: number | undefined
  readonly upstreamHash: string | undefined
  readonly upstreamGeneration: number | undefined
}

export interface ObservedStatus {
  readonly upstream: UpstreamRecord | undefined
  readonly downstream: DownstreamRecord | undefined
  readonly reported: Reported | undefined
  /** What upstream should show as observed. */
  readonly observedGeneration: number | undefined
}

export function decideStatus(observed: ObservedStatus): 'nothing' | 'report' | 'ask-again' {
  const { upstream, downstream, reported, observedGeneration } = observed
  if (!downstream || downstream.statusHash === undefined || !upstream) return 'nothing'
  // Reports are refused until our finalizer is on the object.
  if (!upstream.isOwned) return upstream.isDeletionRequested ? 'nothing' : 'ask-again'
  if (downstream.statusHash === upstream.statusHash && observedGeneration === upstream.observedGeneration) {
    return 'nothing'
  }
  const wasReported =
    reported?.downstreamHash === downstream.statusHash && reported.sentGeneration === observedGeneration
  const isKept =
    reported?.upstreamHash === upstream.statusHash && reported?.upstreamGeneration === upstream.observedGeneration
  return wasReported && isKept ? 'nothing' : 'report'
}

/**
 * The upstream generation that a downstream status is of. The two sides count for themselves, and a downstream object
 * may be made anew: only once what was applied is of the upstream generation, and was observed there, it is observed.
 */
export function observedGenerationOf(
  upstream: UpstreamRecord,
  downstream: DownstreamRecord,
  applied: Applied | undefined,
): number | undefined {
  const { generation } = upstream
  if (downstream.observedGeneration === undefined || generation === undefined) return downstream.observedGeneration
  // After a restart nothing is known until the two have been compared.
  if (!applied) return upstream.observedGeneration
  const isApplied = applied.specHash === upstream.specHash && applied.contentHash === downstream.contentHash
  if (isApplied && downstream.observedGeneration >= (downstream.generation ?? 0)) return generation
  return Math.min(upstream.observedGeneration ?? generation, generation - 1)
}
