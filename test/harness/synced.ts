// A kcp, a simulated physical cluster and a syncer in this process, joined as `workload sync` and `bind compute` do it.
// The syncer can be stopped and started again; its requests are recorded.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { type ClientConnection, connectClient } from '../../api-client/connect.ts'
import { loadKubeconfig } from '../../api-client/kubeconfig/load.ts'
import { clientConfigOf, resolveContext } from '../../api-client/kubeconfig/resolve.ts'
import { type Log, silentLog } from '../../api-client/log.ts'
import { startPcluster } from '../../pcluster/pcluster.ts'
import { parseOptions } from '../../syncer/options.ts'
import { runSyncer } from '../../syncer/syncer.ts'
import { startTestKcp, type TestKcp } from './kcp.ts'
import { pclusterOptions } from './pcluster.ts'
import { until } from './until.ts'

export const configMaps = { group: '', version: 'v1', resource: 'configmaps' }
export const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
export const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
export const syncTargets = { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' }
const workspaces = { group: 'tenancy.kcp.io', version: 'v1alpha1', resource: 'workspaces' }
const bindings = { group: 'apis.kcp.io', version: 'v1alpha1', resource: 'apibindings' }
const placements = { group: 'scheduling.kcp.io', version: 'v1alpha1', resource: 'placements' }

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly status: number
}

export interface RunningSyncer {
  readonly requests: SeenRequest[]
  /** Other messages. */
  readonly notes: string[]
  /** Warnings and errors. */
  readonly complaints: string[]
  stop(): Promise<void>
}

export interface SyncerFlags {
  readonly uid?: string
  /** Kubeconfig file for the physical cluster; its admin's unless given. */
  readonly to?: string
  /** Further flags of the program. */
  readonly args?: readonly string[]
}

export interface Synced extends AsyncDisposable {
  readonly kcp: TestKcp
  readonly downstream: Client
  /** Of the workspace that has the SyncTarget. */
  readonly locations: Client
  /** Path of the syncer's kubeconfig for kcp; JSON. */
  readonly upstreamKubeconfig: string
  startSyncer(flags?: SyncerFlags): Promise<RunningSyncer>
  /** A kubeconfig for the physical cluster as a ServiceAccount that may do no more than these rules say. */
  limitedKubeconfig(name: string, rules: readonly unknown[]): Promise<string>
  /** A new workspace whose namespaces are synced. */
  workspace(name: string): Promise<Client>
}

export async function startSynced(): Promise<Synced> {
  const parts = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'synced-'))
  parts.defer(() => rm(directory, { recursive: true, force: true }))
  const kcp = parts.use(await startTestKcp())
  const pcluster = parts.use(await startPcluster(pclusterOptions(join(directory, 'pcluster')), silentLog))
  const down = parts.use(await connectFile(pcluster.kubeconfigPath))
  await createWorkspace(kcp.admin, 'locations')
  const locations = kcp.admin.cluster('root:locations')
  const supportedAPIExports = [{ path: 'root:compute', export: 'kubernetes' }]
  const made = await locations.create<KubeObject>(syncTargets, {
    apiVersion: 'workload.kcp.io/v1alpha1',
    kind: 'SyncTarget',
    metadata: { name: 'east' },
    spec: { supportedAPIExports },
  })
  const from = join(directory, 'from.json')
  await writeFile(from, JSON.stringify(upstreamKubeconfig(kcp)), { mode: 0o600 })
  const files = { from, to: pcluster.kubeconfigPath, uid: made.metadata.uid ?? '' }
  return {
    kcp,
    downstream: down.client,
    locations,
    upstreamKubeconfig: from,
    startSyncer: async flags => {
      const syncer = await startSyncer(files, flags ?? {})
      parts.defer(syncer.stop)
      return syncer
    },
    limitedKubeconfig: (name, rules) => limitedKubeconfig(down.client, { name, rules, admin: files.to, directory }),
    workspace: name => boundWorkspace(kcp, name),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function connectFile(explicitPath: string): Promise<ClientConnection> {
  const kubeconfig = await loadKubeconfig({ explicitPath, env: {}, homeDirectory: '' })
  return connectClient(await clientConfigOf(resolveContext(kubeconfig)), { userAgent: 'test' })
}

function upstreamKubeconfig(kcp: TestKcp): unknown {
  const authority = Buffer.from(kcp.certificateAuthority).toString('base64')
  return {
    'current-context': 'kcp',
    clusters: [{ name: 'kcp', cluster: { server: kcp.url, 'certificate-authority-data': authority } }],
    users: [{ name: 'kcp', user: { token: kcp.tokens.kcpAdmin } }],
    contexts: [{ name: 'kcp', context: { cluster: 'kcp', user: 'kcp' } }],
  }
}

async function createWorkspace(admin: Client, name: string): Promise<void> {
  const root = admin.cluster('root')
  await root.create(workspaces, { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name } })
  const phase = (object: KubeObject | undefined) => (object?.status as { phase?: string } | undefined)?.phase
  await until(root, { gvr: workspaces, name }, object => phase(object) === 'Ready')
}

async function boundWorkspace(kcp: TestKcp, name: string): Promise<Client> {
  await createWorkspace(kcp.admin, name)
  const client = kcp.admin.cluster(`root:${name}`)
  await client.create(bindings, {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIBinding',
    metadata: { name: 'kubernetes' },
    spec: { reference: { export: { path: 'root:compute', name: 'kubernetes' } } },
  })
  const phase = (object: KubeObject | undefined) => (object?.status as { phase?: string } | undefined)?.phase
  await until(client, { gvr: bindings, name: 'kubernetes' }, object => phase(object) === 'Bound')
  await client.create(placements, {
    apiVersion: 'scheduling.kcp.io/v1alpha1',
    kind: 'Placement',
    metadata: { name: 'everything' },
    spec: {
      namespaceSelector: {},
      locationSelectors: [{}],
      locationWorkspace: 'root:locations',
      locationResource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' },
    },
  })
  return client
}

const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
const rbac = (resource: string) => ({ group: 'rbac.authorization.k8s.io', version: 'v1', resource })

async function limitedKubeconfig(
  client: Client,
  of: { name: string; rules: readonly unknown[]; admin: string; directory: string },
): Promise<string> {
  const { name } = of
  const metadata = { name, namespace: 'default' }
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }
  const subjects = [{ kind: 'ServiceAccount', name, namespace: 'default' }]
  await client.create<KubeObject>(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  await client.create<KubeObject>(rbac('clusterroles'), {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name },
    rules: of.rules,
  })
  const binding = { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects }
  await client.create<KubeObject>(rbac('clusterrolebindings'), binding)
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata, spec: {} }
  const issued = await client.create<KubeObject>(serviceAccounts, request, { name, subresource: 'token' })
  const { token } = issued.status as { token: string }
  const kubeconfig = await loadKubeconfig({ explicitPath: of.admin, env: {}, homeDirectory: '' })
  const { cluster } = resolveContext(kubeconfig)
  const path = join(of.directory, `${name}.json`)
  const content = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'c', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  }
  await writeFile(path, JSON.stringify(content), { mode: 0o600 })
  return path
}

async function startSyncer(
  files: { from: string; to: string; uid: string },
  flags: SyncerFlags,
): Promise<RunningSyncer> {
  const requests: SeenRequest[] = []
  const complaints: string[] = []
  const notes: string[] = []
  const complain: Log['warn'] = (fields, message) => void complaints.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = {
    ...silentLog,
    debug: (fields, message) => {
      if (message === 'request') requests.push(fields as unknown as SeenRequest)
    },
    info: (fields, message) => void notes.push(`${message} ${JSON.stringify(fields)}`),
    warn: complain,
    error: complain,
  }
  const args = [
    `--from-kubeconfig=${files.from}`,
    `--to-kubeconfig=${flags.to ?? files.to}`,
    '--from-cluster=root:locations',
    '--sync-target-name=east',
    `--sync-target-uid=${flags.uid ?? files.uid}`,
    '--downstream-namespace-clean-delay=50ms',
    '--qps=-1',
    '-v=6',
    ...(flags.args ?? []),
  ]
  const options = await parseOptions(args, { NAMESPACE: 'syncer' })
  if (!options) throw new Error('no options')
  const stop = new AbortController()
  const running = runSyncer(options, { log, signal: stop.signal })
  return {
    requests,
    complaints,
    notes,
    async stop() {
      stop.abort()
      await running
    },
  }
}

/** The downstream namespace of an upstream one, once it is there. */
export async function downstreamNamespace(downstream: Client, cluster: string, name: string): Promise<string> {
  const found = await eventually(`the downstream namespace of ${cluster}|${name}`, async () => {
    const list = await downstream.list(namespaces)
    return list.items.find(({ metadata }) => {
      const text = metadata.annotations?.['kcp.io/namespace-locator']
      const locator = text ? (JSON.parse(text) as { cluster: string; namespace: string }) : undefined
      return locator?.cluster === cluster && locator.namespace === name
    })
  })
  return found.metadata.name
}

const eventuallyMs = 15_000
const askAgainMs = 25

/** Asks until there is an answer; the deadline is for failures only. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + eventuallyMs
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise(resolve => setTimeout(resolve, askAgainMs))
  }
  throw new Error(`not in time: ${what}`)
}

/** Undefined when it does not exist. */
export async function find<T extends KubeObject>(
  client: Client,
  gvr: GroupVersionResource,
  at: { namespace?: string; name: string },
): Promise<T | undefined> {
  const scope = at.namespace === undefined ? {} : { namespace: at.namespace }
  const list = await client.list<T>(gvr, { ...scope, fieldSelector: `metadata.name=${at.name}` })
  return list.items[0]
}
