// Reports the status of one object: the whole downstream status replaces the one in the view.
import { isJsonObject } from '../../api/json.ts'
import { formatKey, type KubeObject, type ObjectKey, parseKey } from '../../api/objects.ts'
import { isConflict, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { ReconcileResult } from '../../api-client/controller/controller.ts'
import type { Log } from '../../api-client/log.ts'
import type { SyncedKind } from '../synced-object.ts'
import { decideStatus, observedGenerationOf, type Reported } from './decide.ts'

export interface StatusDependencies {
  readonly upstreamClient: Client
  readonly log: Log
  kindOf(id: string): SyncedKind | undefined
  mayWrite(): boolean
  statusHash(object: KubeObject): string | undefined
  /** Downstream key of an upstream object; undefined while it has none. */
  downstreamKey(kind: SyncedKind, key: ObjectKey): ObjectKey | undefined
}

const closedMs = 5000
const unownedMs = 1000

interface Work {
  readonly kind: SyncedKind
  readonly key: ObjectKey
  readonly at: ObjectKey
}

export function createStatusReconcile(deps: StatusDependencies) {
  const reports = new Map<string, Reported>()
  const withoutStatus = new Set<string>()
  return async function reconcile(text: string): Promise<ReconcileResult | undefined> {
    const space = text.indexOf(' ')
    const kind = deps.kindOf(text.slice(0, space))
    const key = parseKey(text.slice(space + 1))
    const upstream = kind?.upstream.get(formatKey(key))
    if (!upstream) reports.delete(text)
    const at = kind && upstream ? deps.downstreamKey(kind, key) : undefined
    if (!kind || !at || withoutStatus.has(kind.id)) return undefined
    if (!deps.mayWrite()) return { requeueAfterMs: closedMs }
    const downstream = kind.downstream.get(formatKey(at))
    const observedGeneration =
      upstream && downstream && observedGenerationOf(upstream, downstream, kind.applied.get(formatKey(key)))
    const decision = decideStatus({ upstream, downstream, reported: reports.get(text), observedGeneration })
    if (decision === 'ask-again') return { requeueAfterMs: unownedMs }
    if (decision === 'nothing') {
      dropBodies({ kind, key, at })
      return undefined
    }
    const outcome = await report(deps, { kind, key, at }, observedGeneration)
    if (outcome === 'no-status-here') withoutStatus.add(kind.id)
    else if (outcome) reports.set(text, outcome)
    return undefined
  }
}

/** What is in sync is only read again after an event, which brings its body. A report needs the view, so it stays longer. */
function dropBodies({ kind, key, at }: Work): void {
  const text = formatKey(key)
  const upstream = kind.upstream.get(text)
  const downstream = kind.downstream.get(formatKey(at))
  const applied = kind.applied.get(text)
  const isInSync = applied?.specHash === upstream?.specHash && applied?.contentHash === downstream?.contentHash
  if (!applied || !isInSync) return
  kind.downstream.dropBody(formatKey(at))
  if (downstream?.statusHash === undefined) kind.upstream.dropBody(text)
}

async function report(
  deps: StatusDependencies,
  work: Work,
  sentGeneration: number | undefined,
): Promise<Reported | 'no-status-here' | undefined> {
  const { kind, key, at } = work
  const [view, actual] = await Promise.all([kind.upstream.body(key), kind.downstream.body(at)])
  if (!view || !actual || actual.status === undefined) return undefined
  const status = statusWith(actual.status, sentGeneration)
  const stored = await putStatus(deps, work, { ...view, status })
  if (!stored) return 'no-status-here'
  const upstream = kind.upstream.remember(stored)
  deps.log.debug({ gvr: kind.id, key: formatKey(key) }, 'Updated status of upstream resource')
  // Of what was sent: by now the caches may know more.
  const downstreamHash = deps.statusHash(actual)
  if (downstreamHash === undefined) return undefined
  const { statusHash: upstreamHash, observedGeneration: upstreamGeneration } = upstream ?? {}
  return { downstreamHash, sentGeneration, upstreamHash, upstreamGeneration }
}

function statusWith(status: KubeObject['status'], observedGeneration: number | undefined): KubeObject['status'] {
  if (!isJsonObject(status) || status.observedGeneration === undefined) return status
  const { observedGeneration: _, ...others } = status
  return observedGeneration === undefined ? others : { ...others, observedGeneration }
}

/** Undefined when the resource has no status sub-resource upstream. */
async function putStatus(deps: StatusDependencies, work: Work, view: KubeObject): Promise<KubeObject | undefined> {
  const { kind, key } = work
  try {
    return await deps.upstreamClient.cluster(key.cluster).update(kind.gvr, view, { subresource: 'status' })
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error
    const now = await kind.upstream.fetch(key)
    if (isNotFound(error) && now) {
      deps.log.info({ gvr: kind.id }, 'upstream resource has no status, reporting none')
      return undefined
    }
    if (now) kind.upstream.remember(now)
    throw error
  }
}
