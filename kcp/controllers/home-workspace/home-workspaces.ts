// A home workspace for every user who asks for `workspaces/~`: made on the first request, found by the hash of the name.
// Leaves out: HTTP (kcp/http/filters/with-home-workspaces.ts).
import { homeClusterName } from '../../../api/names/derived-names.ts'
import { ownerAnnotation, pathAnnotation, workspaceTypeAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { failure, isAlreadyExists, isConflict } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Client } from '../../../api-client/client.ts'
import { aliasesOf, type FindType, initializersOf } from '../../admission/workspace-type-graph.ts'
import { logicalClusters } from '../resources.ts'
import { initialize, newLogicalCluster, readLogicalCluster } from '../workspace/perform.ts'
import { type LogicalCluster, logicalClusterName } from '../workspace/workspace.ts'

export interface HomeWorkspacesDeps {
  /** Asked only while requests are served, so it may be made later. */
  readonly client: () => Client
  readonly findType: FindType
  /** Whether the user may create `workspaces/~` in root. */
  readonly mayCreate: (user: UserInfo) => Promise<boolean>
  /** Where clients reach this server; known once it listens. */
  readonly externalUrl: () => string
  readonly now: () => Date
}

/** undefined: it is being made, ask again. Throws 403 for those who may have none. */
export type FindHome = (user: UserInfo) => Promise<KubeObject | undefined>

/** How long one request waits for a new home; usually it takes a tenth of that. */
const waitMsMax = 1000
const creationMsMax = 60_000

export function createFindHome(deps: HomeWorkspacesDeps): FindHome {
  return async user => {
    if (user.username === 'system:anonymous' || user.username.startsWith('system:serviceaccount:')) throw denied(user)
    const cluster = homeClusterName(user.username)
    const existing = await readLogicalCluster(deps.client(), cluster)
    if (existing === undefined && !(await deps.mayCreate(user))) throw denied(user)
    const started = existing ?? (await create(deps, user, cluster))
    const logicalCluster = await untilReady(deps, cluster, await ensureInitializing(deps, started, cluster))
    if (logicalCluster.status?.phase === 'Ready') return homeWorkspace(deps, logicalCluster, cluster)
    const createdMs = Date.parse(logicalCluster.metadata.creationTimestamp ?? '')
    if (deps.now().getTime() - createdMs > creationMsMax) throw failure(500, '', 'home workspace creation timeout')
    return undefined
  }
}

function denied({ username }: UserInfo) {
  const who = `User ${JSON.stringify(username)} cannot create resource "workspaces" in API group "tenancy.kcp.io"`
  const message = `workspaces.tenancy.kcp.io "~" is forbidden: ${who} at the cluster scope: workspace access not permitted`
  return failure(403, 'Forbidden', message, { name: '~', group: 'tenancy.kcp.io', kind: 'workspaces' })
}

async function create(deps: HomeWorkspacesDeps, { username }: UserInfo, cluster: string): Promise<LogicalCluster> {
  const type = await deps.findType({ name: 'home', path: 'root' }, 'root')
  if (type === undefined)
    throw failure(500, 'InternalError', 'Internal error occurred: workspace type root:home not found')
  const logicalCluster = newLogicalCluster({
    initializers: initializersOf(await aliasesOf(deps.findType, type)),
    annotations: {
      [ownerAnnotation]: JSON.stringify({ username }),
      [workspaceTypeAnnotation]: 'root:home',
      [pathAnnotation]: `user:${username}`,
    },
  })
  const local = deps.client().cluster(cluster)
  try {
    return await local.create(logicalClusters, logicalCluster)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    return local.get<LogicalCluster>(logicalClusters, { name: logicalClusterName })
  }
}

async function ensureInitializing(
  deps: HomeWorkspacesDeps,
  logicalCluster: LogicalCluster,
  cluster: string,
): Promise<LogicalCluster> {
  if ((logicalCluster.status?.phase ?? 'Scheduling') !== 'Scheduling') return logicalCluster
  try {
    return await initialize(deps.client(), logicalCluster, { url: urlOf(deps, cluster), now: deps.now() })
  } catch (error) {
    // Another request for the same home was quicker.
    if (!isConflict(error)) throw error
    return (await readLogicalCluster(deps.client(), cluster)) ?? logicalCluster
  }
}

async function untilReady(
  { client }: HomeWorkspacesDeps,
  cluster: string,
  logicalCluster: LogicalCluster,
): Promise<LogicalCluster> {
  if (logicalCluster.status?.phase === 'Ready') return logicalCluster
  const { resourceVersion = '' } = logicalCluster.metadata
  let latest = logicalCluster
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(waitMsMax)])
  try {
    for await (const event of client()
      .cluster(cluster)
      .watch<LogicalCluster>(logicalClusters, { resourceVersion, signal })) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') latest = event.object
      if (latest.status?.phase === 'Ready') break
    }
  } finally {
    done.abort()
  }
  return latest
}

function urlOf({ externalUrl }: HomeWorkspacesDeps, cluster: string): string {
  return `${externalUrl()}/clusters/${cluster}`
}

/** Not stored anywhere: what `workspaces/~` answers. */
function homeWorkspace(deps: HomeWorkspacesDeps, { metadata, status }: LogicalCluster, cluster: string): KubeObject {
  const { creationTimestamp = null } = metadata
  const { phase, conditions, initializers } = status ?? {}
  return {
    apiVersion: 'tenancy.kcp.io/v1alpha1',
    kind: 'Workspace',
    metadata: { name: 'cluster', creationTimestamp },
    spec: { type: { name: '' }, cluster, URL: urlOf(deps, cluster) },
    status: { phase, ...(conditions ? { conditions } : {}), ...(initializers?.length ? { initializers } : {}) },
  }
}
