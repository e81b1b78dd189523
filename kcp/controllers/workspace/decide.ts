// What a Workspace needs next: a logical cluster, its progress mirrored, or its end.
import { falseCondition, getCondition, setCondition, trueCondition } from '../../../api/conditions.ts'
import { equalJson } from '../../../api/json.ts'
import {
  ownerAnnotation,
  phaseLabel,
  workspaceClusterAnnotation,
  workspaceFinalizer,
  workspaceShardAnnotation,
} from '../../../api/names/kcp-keys.ts'
import type { LogicalCluster, Workspace, WorkspaceStatus } from './workspace.ts'

export interface ShardFacts {
  readonly hash: string
  readonly externalUrl: string
}

export type Action =
  /** Metadata and spec in one write, so that the name is known before the logical cluster exists. */
  | { type: 'patch'; body: Record<string, unknown> }
  | { type: 'create-logical-cluster'; cluster: string }
  | { type: 'initialize-logical-cluster'; logicalCluster: LogicalCluster }
  /** A merge patch: null removes. `metadata` goes first, or along where one write may have both. */
  | { type: 'write-status'; status: Record<string, unknown>; metadata?: MetadataChange }
  | { type: 'delete-logical-cluster'; logicalCluster: LogicalCluster }

export interface Observed {
  readonly workspace: Workspace
  /** Of spec.cluster; undefined when there is none. */
  readonly logicalCluster: LogicalCluster | undefined
  /** A shard that fits; undefined when none does. */
  readonly shard: ShardFacts | undefined
  /** A free name, for a workspace that has none yet. */
  readonly newCluster: string
  readonly now: Date
}

/** One action at a time; the next one follows from what it wrote. */
export function decide(observed: Observed): Action | undefined {
  const { workspace, logicalCluster } = observed
  if (workspace.metadata.deletionTimestamp) return decideDeletion(observed)
  const { cluster } = workspace.spec
  if (!cluster) return schedule(observed)
  const phase = workspace.status?.phase ?? 'Scheduling'
  if (logicalCluster === undefined || !isOwner(workspace, logicalCluster)) {
    if (phase === 'Scheduling') return { type: 'create-logical-cluster', cluster }
    return writeStatus(workspace, disappeared(workspace, observed.now))
  }
  const logicalPhase = logicalCluster.status?.phase ?? 'Scheduling'
  if (logicalPhase === 'Scheduling') return { type: 'initialize-logical-cluster', logicalCluster }
  const target = phase === 'Ready' || logicalPhase === 'Ready' ? 'Ready' : 'Initializing'
  const labelled = patch(workspace, metadataAt(workspace, target))
  const mirrored = writeStatus(workspace, mirror(observed, logicalCluster, target))
  return labelled && mirrored ? { ...mirrored, metadata: metadataAt(workspace, target) } : (labelled ?? mirrored)
}

function schedule({ workspace, shard, newCluster, now }: Observed): Action | undefined {
  if (shard === undefined) {
    const because = {
      reason: 'Unschedulable',
      severity: 'Error',
      message: 'No available shards to schedule the workspace',
    } as const
    const conditions = setCondition(workspace.status?.conditions, falseCondition('WorkspaceScheduled', because), now)
    const labels = { labels: { [phaseLabel]: 'Scheduling' } }
    return patch(workspace, labels) ?? writeStatus(workspace, { ...workspace.status, conditions })
  }
  const cluster = workspace.metadata.annotations?.[workspaceClusterAnnotation] ?? newCluster
  const metadata = {
    labels: { [phaseLabel]: 'Initializing' },
    annotations: { [workspaceClusterAnnotation]: cluster, [workspaceShardAnnotation]: shard.hash },
    finalizers: [...new Set([...(workspace.metadata.finalizers ?? []), workspaceFinalizer])],
  }
  return { type: 'patch', body: { metadata, spec: { cluster, URL: `${shard.externalUrl}/clusters/${cluster}` } } }
}

function decideDeletion({ workspace, logicalCluster, now }: Observed): Action | undefined {
  const { finalizers = [] } = workspace.metadata
  const labelled = patch(workspace, { labels: { [phaseLabel]: 'Deleting' } })
  if (labelled || !finalizers.includes(workspaceFinalizer)) return labelled
  if (finalizers.some(finalizer => finalizer !== workspaceFinalizer)) return undefined
  if (logicalCluster === undefined || !isOwner(workspace, logicalCluster)) {
    return { type: 'patch', body: { metadata: { finalizers: [] } } }
  }
  if (!logicalCluster.metadata.deletionTimestamp) return { type: 'delete-logical-cluster', logicalCluster }
  const deleted = getCondition(logicalCluster.status?.conditions, 'WorkspaceContentDeleted')
  if (deleted === undefined) return undefined
  const { lastTransitionTime: _, ...state } = deleted
  return writeStatus(workspace, {
    ...workspace.status,
    conditions: setCondition(workspace.status?.conditions, state, now),
  })
}

export function isOwner(workspace: Workspace, { spec }: LogicalCluster): boolean {
  return spec.owner?.uid === workspace.metadata.uid
}

function metadataAt(workspace: Workspace, phase: string) {
  const owner = workspace.metadata.annotations?.[ownerAnnotation]
  const reduced = phase === 'Ready' && owner !== undefined ? reducedOwner(owner) : owner
  return {
    labels: { [phaseLabel]: phase },
    ...(reduced === undefined ? {} : { annotations: { [ownerAnnotation]: reduced } }),
  }
}

/** Who made the workspace, without groups and other facts that change. */
export function reducedOwner(owner: string): string {
  try {
    const { username } = JSON.parse(owner) as { username?: string }
    return JSON.stringify({ username })
  } catch (error) {
    if (error instanceof SyntaxError) return owner
    throw error
  }
}

function mirror({ workspace, now }: Observed, logicalCluster: LogicalCluster, phase: string): WorkspaceStatus {
  const { initializers = [], conditions } = logicalCluster.status ?? {}
  const scheduled = setCondition(workspace.status?.conditions, trueCondition('WorkspaceScheduled'), now)
  const initialized = getCondition(conditions, 'WorkspaceInitialized')
  const { lastTransitionTime: _, ...state } = initialized ?? {
    ...trueCondition('WorkspaceInitialized'),
    lastTransitionTime: '',
  }
  const known = initialized !== undefined || phase === 'Ready'
  const { initializers: _old, ...rest } = workspace.status ?? {}
  return {
    ...rest,
    phase,
    conditions: known ? setCondition(scheduled, state, now) : scheduled,
    ...(initializers.length === 0 ? {} : { initializers }),
  }
}

function disappeared(workspace: Workspace, now: Date): WorkspaceStatus {
  const message = 'LogicalCluster disappeared'
  const because = { reason: 'WorkspaceDisappeared', severity: 'Error', message } as const
  const state = falseCondition('WorkspaceInitialized', because)
  return { ...workspace.status, conditions: setCondition(workspace.status?.conditions, state, now) }
}

interface MetadataChange {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

function patch({ metadata }: Workspace, change: MetadataChange): Action | undefined {
  const differs = (want: Readonly<Record<string, string>> = {}, have: Record<string, string> = {}) =>
    Object.entries(want).some(([key, value]) => have[key] !== value)
  if (!differs(change.labels, metadata.labels) && !differs(change.annotations, metadata.annotations)) return undefined
  return { type: 'patch', body: { metadata: change } }
}

function writeStatus(
  workspace: Workspace,
  status: WorkspaceStatus,
): Extract<Action, { type: 'write-status' }> | undefined {
  if (equalJson(status, workspace.status ?? {})) return undefined
  // A merge patch keeps what it does not name.
  const removed = workspace.status?.initializers && !status.initializers ? { initializers: null } : {}
  return { type: 'write-status', status: { ...status, ...removed } }
}
