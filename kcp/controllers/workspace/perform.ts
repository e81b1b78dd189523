// Writes for one Workspace; each returns what the server answered, so that the next decision needs no read.
import { joinPath } from '../../../api/names/cluster-path.ts'
import { initializerLabel } from '../../../api/names/derived-names.ts'
import {
  logicalClusterFinalizer,
  ownerAnnotation,
  pathAnnotation,
  phaseLabel,
  requiredGroupsAnnotation,
  workspaceTypeAnnotation,
} from '../../../api/names/kcp-keys.ts'
import { isAlreadyExists, isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import {
  aliasesOf,
  type FindType,
  initializersOf,
  qualifiedName,
  TypeMissing,
} from '../../admission/workspace-type-graph.ts'
import { clusterOf, patchRead } from '../loop.ts'
import { logicalClusters, workspaces } from '../resources.ts'
import { type Action, reducedOwner } from './decide.ts'
import { type GiveBirthDeps, giveBirth } from './give-birth.ts'
import { initialStatus } from './initial-status.ts'
import { type LogicalCluster, logicalClusterName, type Workspace } from './workspace.ts'

export interface PerformDeps {
  readonly client: Client
  readonly findType: FindType
  readonly canonicalPath: (cluster: string) => string
  readonly now: () => Date
  /** Absent: everything is made step by step. */
  readonly birth?: GiveBirthDeps
}

export interface State {
  readonly workspace: Workspace
  readonly logicalCluster: LogicalCluster | undefined
}

export async function perform(deps: PerformDeps, state: State, action: Action): Promise<State> {
  const { client } = deps
  switch (action.type) {
    case 'patch':
      return { ...state, workspace: await patch(deps, state.workspace, action.body) }
    case 'write-status':
      return { ...state, workspace: await writeStatus(deps, state.workspace, action) }
    case 'create-logical-cluster':
      return { ...state, logicalCluster: await create(deps, state, action.cluster) }
    case 'initialize-logical-cluster': {
      const url = state.workspace.spec.URL ?? ''
      return { ...state, logicalCluster: await initialize(client, action.logicalCluster, { url, now: deps.now() }) }
    }
    case 'delete-logical-cluster': {
      const { uid = '' } = action.logicalCluster.metadata
      await client
        .cluster(clusterOf(action.logicalCluster))
        .delete(logicalClusters, { name: logicalClusterName }, { uid })
      return state
    }
  }
}

function patch(
  { client, birth }: PerformDeps,
  workspace: Workspace,
  body: Record<string, unknown>,
): Promise<Workspace> {
  // The last finalizer is taken away by a write that also removes the object.
  if (birth && !workspace.metadata.deletionTimestamp) return birth.writes.patch(workspaces, workspace, body)
  return patchRead(client, workspaces, { object: workspace, body })
}

async function writeStatus(
  { client, birth }: PerformDeps,
  workspace: Workspace,
  { status, metadata }: Extract<Action, { type: 'write-status' }>,
): Promise<Workspace> {
  if (birth && metadata) return birth.writes.patch(workspaces, workspace, { metadata, status })
  const object = metadata ? await patchRead(client, workspaces, { object: workspace, body: { metadata } }) : workspace
  return patchRead(client, workspaces, { object, body: { status }, subresource: 'status' })
}

/** Phase, initializers and what follows from them in one write. */
export function initialize(
  client: Client,
  logicalCluster: LogicalCluster,
  facts: { url: string; now: Date },
): Promise<LogicalCluster> {
  const status = initialStatus(logicalCluster, facts)
  return patchRead(client, logicalClusters, { object: logicalCluster, body: { status }, subresource: 'status' })
}

async function create(deps: PerformDeps, { workspace, ...state }: State, cluster: string): Promise<LogicalCluster> {
  const parent = clusterOf(workspace)
  const reference = workspace.spec.type ?? { name: '' }
  const from = deps.canonicalPath(parent)
  const type = await deps.findType(reference, from)
  if (type === undefined) throw new TypeMissing(`${reference.path ?? from}:${reference.name}`)
  const { name, uid = '', annotations = {} } = workspace.metadata
  const owner = annotations[ownerAnnotation]
  const groups = annotations[requiredGroupsAnnotation]
  const aliases = await aliasesOf(deps.findType, type)
  const logicalCluster = newLogicalCluster({
    initializers: initializersOf(aliases),
    annotations: {
      [pathAnnotation]: joinPath(from, name),
      [workspaceTypeAnnotation]: qualifiedName(type),
      ...(owner === undefined ? {} : { [ownerAnnotation]: reducedOwner(owner) }),
      ...(groups === undefined ? {} : { [requiredGroupsAnnotation]: groups }),
    },
    owner: { apiVersion: workspace.apiVersion, resource: 'workspaces', name, cluster: parent, uid },
  })
  const { URL: url = '' } = workspace.spec
  // Nothing is put into a logical cluster of somebody else.
  const birth = state.logicalCluster === undefined ? deps.birth : undefined
  const born = birth && (await giveBirth(birth, { cluster, url, aliases, logicalCluster }))
  if (born) return born
  const local = deps.client.cluster(cluster)
  try {
    return await local.create<LogicalCluster>(logicalClusters, logicalCluster)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return local.get<LogicalCluster>(logicalClusters, { name: logicalClusterName })
  }
}

export interface NewLogicalCluster {
  readonly initializers: readonly string[]
  readonly annotations: Readonly<Record<string, string>>
  readonly owner?: NonNullable<LogicalCluster['spec']['owner']>
}

/** With the labels it has while Initializing, which is what it becomes next. */
export function newLogicalCluster({ initializers, annotations, owner }: NewLogicalCluster): LogicalCluster {
  const labels = initializers.map(initializerLabel).map(({ key, value }) => [key, value])
  return {
    apiVersion: 'core.kcp.io/v1alpha1',
    kind: 'LogicalCluster',
    metadata: {
      name: logicalClusterName,
      annotations: { ...annotations },
      labels: { [phaseLabel]: 'Initializing', ...Object.fromEntries(labels) },
      finalizers: [logicalClusterFinalizer],
    },
    spec: {
      directlyDeletable: false,
      ...(initializers.length === 0 ? {} : { initializers: [...initializers] }),
      ...(owner ? { owner } : {}),
    },
  }
}

export async function readLogicalCluster(client: Client, cluster: string): Promise<LogicalCluster | undefined> {
  try {
    return await client.cluster(cluster).get<LogicalCluster>(logicalClusters, { name: logicalClusterName })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
