// Path → logical cluster, and what authorization and admission ask of a logical cluster. Fed by following Workspaces
// and LogicalClusters in the store; a few hundred bytes a workspace. Leaves out: other shards.
import { pathAnnotation, requiredGroupsAnnotation, workspaceTypeAnnotation } from '../../api/names/kcp-keys.ts'
import type { Store } from '../storage/store.ts'
import { type Follower, followPrefix, type PrefixSink } from './follow-prefix.ts'
import { homePathOfBuckets, splitHomePath } from './home-path.ts'
import { objectMember, parseStored, splitSuffix, textMember } from './stored-object.ts'

export interface LogicalClusterInfo {
  /** kcp.io/path; the name where there is none. */
  readonly path: string
  /** `<path>:<name>` of its WorkspaceType; '' when unknown. */
  readonly type: string
  readonly phase: string
  readonly deleting: boolean
  /** authorization.kcp.io/required-groups; '' when absent. */
  readonly requiredGroups: string
}

export interface ClusterIndex {
  /** Name of the logical cluster a path leads to; names and `*` are returned as they are; undefined: leads nowhere. */
  resolve(path: string): string | undefined
  logicalCluster(name: string): LogicalClusterInfo | undefined
  /** kcp.io/path of a logical cluster, or its name. */
  canonicalPath(name: string): string
  /** Cluster a workspace points to; undefined when it does not exist or is not scheduled yet. */
  workspace(parent: string, name: string): string | undefined
  /** Logical clusters that are in this phase. */
  clustersIn(phase: string): string[]
  /** Starts with the Workspaces below a key prefix, which is known once their API has its identity. */
  followWorkspaces(prefix: string): Promise<void>
  readonly synced: Promise<void>
  /** Resolves when everything written before this call is known here. */
  whenCurrent(): Promise<void>
}

export interface ClusterIndexDeps {
  readonly store: Store
  /** Key prefix of the stored type, with a slash at the end. */
  readonly logicalClustersPrefix: string
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown) => void
}

export function createClusterIndex(deps: ClusterIndexDeps): ClusterIndex {
  let workspaces: ReadonlyMap<string, string> = new Map()
  let clusters: ReadonlyMap<string, LogicalClusterInfo> = new Map()
  const follow = (prefix: string, sink: PrefixSink): Follower => followPrefix({ ...deps, prefix, sink })
  const followers = [
    follow(
      deps.logicalClustersPrefix,
      logicalClusterSink(filled => {
        clusters = filled
      }),
    ),
  ]
  const walk = (start: string, names: readonly string[]) =>
    names.reduce<string | undefined>(
      (cluster, name) => (cluster === undefined ? undefined : workspaces.get(`${cluster}/${name}`)),
      start,
    )
  const resolve = (path: string): string | undefined => {
    if (!path.includes(':') || path.startsWith('system:')) return path
    const home = splitHomePath(path)
    if (home) return walk(home.cluster, home.rest)
    const [first = '', ...rest] = path.split(':')
    if (!clusters.has(first)) return undefined
    const alias = workspaces.has('root/users') ? undefined : homePathOfBuckets(path)
    return alias === undefined ? walk(first, rest) : resolve(alias)
  }
  return {
    resolve,
    logicalCluster: name => clusters.get(name),
    canonicalPath: name => clusters.get(name)?.path ?? name,
    workspace: (parent, name) => workspaces.get(`${parent}/${name}`),
    clustersIn: phase => [...clusters].filter(([, info]) => info.phase === phase).map(([name]) => name),
    followWorkspaces(prefix) {
      const follower = follow(
        prefix,
        workspaceSink(filled => {
          workspaces = filled
        }),
      )
      followers.push(follower)
      return follower.synced
    },
    synced: Promise.all(followers.map(follower => follower.synced)).then(() => undefined),
    whenCurrent: () => Promise.all(followers.map(follower => follower.whenCurrent())).then(() => undefined),
  }
}

/** Workspaces that are still being scheduled lead nowhere yet. */
function workspaceSink(use: (filled: ReadonlyMap<string, string>) => void): PrefixSink {
  let workspaces = new Map<string, string>()
  return {
    filling() {
      workspaces = new Map()
    },
    filled: () => use(workspaces),
    put(suffix, value) {
      const object = parseStored(value)
      const cluster = textMember(objectMember(object, 'spec'), 'cluster')
      const phase = textMember(objectMember(object, 'status'), 'phase')
      if (cluster === '' || phase === '' || phase === 'Scheduling') workspaces.delete(suffix)
      else workspaces.set(suffix, cluster)
    },
    remove: suffix => workspaces.delete(suffix),
  }
}

function logicalClusterSink(use: (filled: ReadonlyMap<string, LogicalClusterInfo>) => void): PrefixSink {
  let clusters = new Map<string, LogicalClusterInfo>()
  const shared = createSharedTexts()
  return {
    filling() {
      clusters = new Map()
    },
    filled: () => use(clusters),
    put(suffix, value) {
      const { cluster } = splitSuffix(suffix)
      clusters.set(cluster, logicalClusterInfo(cluster, value, shared))
    },
    remove: suffix => clusters.delete(splitSuffix(suffix).cluster),
  }
}

const phases = ['Scheduling', 'Initializing', 'Ready']

function logicalClusterInfo(cluster: string, value: Uint8Array, shared: (text: string) => string): LogicalClusterInfo {
  const object = parseStored(value)
  const metadata = objectMember(object, 'metadata')
  const annotations = objectMember(metadata, 'annotations')
  const phase = textMember(objectMember(object, 'status'), 'phase')
  return {
    path: textMember(annotations, pathAnnotation) || cluster,
    type: shared(textMember(annotations, workspaceTypeAnnotation)),
    phase: phases.find(known => known === phase) ?? phase,
    deleting: textMember(metadata, 'deletionTimestamp') !== '',
    requiredGroups: shared(textMember(annotations, requiredGroupsAnnotation)),
  }
}

const sharedTextsMax = 10_000

/** One string for equal texts: thousands of workspaces have few types. */
function createSharedTexts(): (text: string) => string {
  const texts = new Map<string, string>()
  return text => {
    const known = texts.get(text)
    if (known !== undefined) return known
    if (texts.size < sharedTextsMax) texts.set(text, text)
    return text
  }
}
