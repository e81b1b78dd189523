// Carries Workspaces from creation to Ready and through deletion. Keys are `<parent cluster>|<name>`.
// Leaves out: what happens inside the logical cluster (logical-cluster/, api-binder/, logical-cluster-deletion/).
import { randomClusterName, shardHash } from '../../../api/names/derived-names.ts'
import { phaseLabel, shardUnschedulableAnnotation } from '../../../api/names/kcp-keys.ts'
import { formatKey, type KubeObject, type ObjectKey, parseKey } from '../../../api/objects.ts'
import { type LabelSelectorObject, labelSelectorOf, matchesLabels } from '../../../api/selectors/label-selector.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import { getOrUndefined, type Loop, type LoopDeps, startLoop } from '../loop.ts'
import { logicalClusters, shards, withIdentity, workspaces } from '../resources.ts'
import { decide, type ShardFacts } from './decide.ts'
import { createNews } from './news.ts'
import { type PerformDeps, perform, readLogicalCluster, type State } from './perform.ts'
import type { LogicalCluster, Workspace } from './workspace.ts'

export interface WorkspaceDeps extends LoopDeps, PerformDeps {
  readonly randomBytes: (size: number) => Uint8Array
  /** Identity hashes of the root exports by name. */
  readonly identities: Readonly<Record<string, string>>
}

/** A workspace takes about seven steps; more means two writers fight. */
const stepsMax = 16

export function startWorkspaceController(deps: WorkspaceDeps): Loop {
  const { client, informers, identities } = deps
  const shardInformer = informers.objectsOf(withIdentity(shards, identities['shards.core.kcp.io'] ?? ''))
  const unscheduled = new Set<string>()
  /** Logical clusters made here a moment ago: that they are there is nothing new. */
  const own = new Set<string>()
  const news = createNews()
  const reconcile = async (text: string) => {
    const told = news.take(text)
    if (told === 'nothing') return
    const workspace = told ?? (await getOrUndefined<Workspace>(client, workspaces, parseKey(text)))
    unscheduled.delete(text)
    if (workspace === undefined) return
    const shard = findShard(
      [...shardInformer.entries()].map(([, object]) => object),
      workspace,
    )
    if (shard === undefined) unscheduled.add(text)
    const { cluster } = workspace.spec
    let state: State = { workspace, logicalCluster: cluster ? await readLogicalCluster(client, cluster) : undefined }
    const newCluster = cluster ? '' : randomClusterName(deps.randomBytes(32))
    try {
      for (let step = 0; step < stepsMax; step++) {
        const action = decide({ ...state, shard, newCluster, now: deps.now() })
        if (action === undefined) return news.settled(text, state.workspace)
        if (action.type === 'create-logical-cluster') own.add(action.cluster)
        state = await perform(deps, state, action)
      }
    } finally {
      own.delete(state.workspace.spec.cluster ?? '')
    }
  }
  const loop = startLoop(deps, { name: 'kcp-workspace', workers: 32, reconcile: retryingConflicts(reconcile) })
  informers
    .keysOf(withIdentity(workspaces, identities['tenancy.kcp.io'] ?? ''))
    .onChange((key, after, _before, object) => {
      const text = formatKey(key)
      if (after === undefined || isSettled(object)) return news.forget(text)
      if (object) news.changed(text, object as Workspace)
      loop.add(text)
    })
  const clusters = informers.keysOf(logicalClusters)
  clusters.onChange((key, _after, before, object) => {
    const owner = ownerKey(object as LogicalCluster | undefined)
    if (owner === undefined || !clusters.hasSynced) return
    if (before === undefined && own.has(key.cluster)) return
    news.look(formatKey(owner))
    loop.add(formatKey(owner))
  })
  shardInformer.onChange(() => {
    for (const key of unscheduled) {
      news.look(key)
      loop.add(key)
    }
  })
  return loop
}

/** A lost race is not a failure: what won has changed the object, so it is read again at once. */
function retryingConflicts(reconcile: (key: string) => Promise<void>) {
  return async (key: string): Promise<void> => {
    try {
      await reconcile(key)
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error)) throw error
      await reconcile(key)
    }
  }
}

/** Ready for long: nothing to do unless something changes. Keeps a restart with many workspaces quick. */
function isSettled(object: KubeObject | undefined): boolean {
  const { metadata, status } = (object ?? { metadata: { name: '' } }) as Workspace
  return status?.phase === 'Ready' && !metadata.deletionTimestamp && metadata.labels?.[phaseLabel] === 'Ready'
}

function ownerKey(logicalCluster: LogicalCluster | undefined): ObjectKey | undefined {
  const owner = logicalCluster?.spec?.owner
  if (owner?.resource !== 'workspaces') return undefined
  return { cluster: owner.cluster, namespace: '', name: owner.name }
}

interface Shard extends KubeObject {
  spec: { externalURL?: string; baseURL?: string }
}

function findShard(all: readonly KubeObject[], workspace: Workspace): ShardFacts | undefined {
  const selector = labelSelectorOf((workspace.spec.location?.selector ?? {}) as LabelSelectorObject)
  const shard = all.find(
    ({ metadata }) =>
      metadata.annotations?.[shardUnschedulableAnnotation] === undefined &&
      matchesLabels(selector, metadata.labels ?? {}),
  ) as Shard | undefined
  if (shard === undefined) return undefined
  return { hash: shardHash(shard.metadata.name), externalUrl: shard.spec.externalURL ?? shard.spec.baseURL ?? '' }
}
