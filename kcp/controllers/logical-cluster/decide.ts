// Labels, URL, owner's role binding and the step from Initializing to Ready of a LogicalCluster.
import { falseCondition, setCondition, trueCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import { initializerLabel } from '../../../api/names/derived-names.ts'
import { initializerLabelPrefix, phaseLabel } from '../../../api/names/kcp-keys.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'

export type Action =
  /** A merge patch: null removes. */
  | { type: 'patch-labels'; labels: Record<string, string | null> }
  | { type: 'write-status'; status: Record<string, unknown> }

export interface Observed {
  readonly logicalCluster: LogicalCluster
  readonly url: string
  readonly now: Date
}

export function decide({ logicalCluster, url, now }: Observed): Action | undefined {
  const status = logicalCluster.status ?? {}
  const { initializers = [], phase = 'Scheduling' } = status
  if (phase === 'Initializing') {
    const done = initializers.length === 0
    const conditions = setCondition(status.conditions, done ? trueCondition(initialized) : pending(initializers), now)
    const next = { ...status, URL: url, conditions, ...(done ? { phase: 'Ready', initializers: null } : {}) }
    if (!equalJson(next, status)) return { type: 'write-status', status: next }
  }
  if (status.URL !== url) return { type: 'write-status', status: { URL: url } }
  return labels(logicalCluster, phase, initializers)
}

const initialized = 'WorkspaceInitialized'

export function pending(initializers: readonly string[]) {
  const message = `Initializers still exist: [${initializers.join(' ')}]`
  return falseCondition(initialized, { reason: 'InitializerExists', severity: 'Info', message })
}

function labels({ metadata }: LogicalCluster, phase: string, initializers: readonly string[]): Action | undefined {
  const want: Record<string, string | null> = { [phaseLabel]: metadata.deletionTimestamp ? 'Deleting' : phase }
  for (const { key, value } of initializers.map(initializerLabel)) want[key] = value
  for (const key of Object.keys(metadata.labels ?? {})) {
    if (key.startsWith(initializerLabelPrefix)) want[key] ??= null
  }
  const changed = Object.entries(want).filter(([key, value]) => (metadata.labels?.[key] ?? null) !== value)
  return changed.length === 0 ? undefined : { type: 'patch-labels', labels: Object.fromEntries(changed) }
}
