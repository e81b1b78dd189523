// The walk on a cluster of the user's own: a syncer that runs here with the identity it would have there, and cleaning up.
// The user's credentials apply the manifest, read the ServiceAccount's token and clean up; the syncer never gets them.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { type Server, startServer, until } from './processes.ts'

export interface OwnCluster {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Path of its kubeconfig. */
  pcluster: string
  target: string
  say(text: string): void
}

export interface Manifest {
  kind: string
  type?: string
  metadata: { name: string; namespace?: string }
  data?: { kubeconfig?: string }
  spec?: { template: { spec: { containers: { args: string[] }[] } } }
}

/** What the written manifest says of the syncer. */
export interface ManifestOfSyncer {
  name: string
  namespace: string
  /** Its kubeconfig for kcp. */
  kubeconfig: string
  tokenSecret: string
  args: string[]
  uid: string
}

const uidFlag = '--sync-target-uid='
const tokenTimeoutMs = 30_000
const deleteTimeoutSeconds = 120
/** Longer than kubectl's own: a cluster that has gone away is asked for ever. */
const commandTimeoutMs = (deleteTimeoutSeconds + 30) * 1000
const deleteFlags = ['--ignore-not-found', `--timeout=${deleteTimeoutSeconds}s`]
const progressMs = 2_000
const outputBytesLimit = 64 * 1024 * 1024

export function syncerOf(documents: readonly Manifest[]): ManifestOfSyncer {
  const deployment = documents.find(d => d.kind === 'Deployment')
  const args = deployment?.spec?.template.spec.containers[0]?.args ?? []
  return {
    name: deployment?.metadata.name ?? '',
    namespace: deployment?.metadata.namespace ?? '',
    kubeconfig: Buffer.from(documents.find(d => d.data?.kubeconfig)?.data?.kubeconfig ?? '', 'base64').toString('utf8'),
    tokenSecret: documents.find(d => d.type === 'kubernetes.io/service-account-token')?.metadata.name ?? '',
    args,
    uid: args.find(arg => arg.startsWith(uidFlag))?.slice(uidFlag.length) ?? '',
  }
}

/** How the user reaches the cluster (address, CA, proxy), with the token of the ServiceAccount in place of the user. */
export function kubeconfigFor(cluster: unknown, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'pcluster', cluster }],
    users: [{ name: 'syncer', user: { token } }],
    contexts: [{ name: 'syncer', context: { cluster: 'pcluster', user: 'syncer' } }],
    'current-context': 'syncer',
  })
}

/** The namespaces that the syncer of a SyncTarget has filled, out of all of a cluster. */
export function namespacesOf(
  uid: string,
  namespaces: readonly { metadata: { name: string; annotations?: Record<string, string> } }[],
): string[] {
  const isOurs = (locator: string | undefined) => uid !== '' && locator?.includes(`"uid":${JSON.stringify(uid)}`)
  return namespaces
    .filter(ns => isOurs(ns.metadata.annotations?.['kcp.io/namespace-locator']))
    .map(ns => ns.metadata.name)
}

/** Fails when the cluster does not answer, before anything is started. */
export async function checkCluster(options: OwnCluster): Promise<void> {
  if (!existsSync(options.pcluster)) throw new Error(`there is no kubeconfig ${options.pcluster}`)
  await kubectl(options, ['get', '--raw', '/version'])
}

/** Starts the syncer of the written manifest as a process here: its args and its token, not as a pod. */
export async function runLocalSyncer(options: OwnCluster & { root: string; signal: AbortSignal }): Promise<Server> {
  const { cwd, say } = options
  const { name, namespace, kubeconfig, tokenSecret, args } = syncerOf(readManifest(options))
  const secret = ['get', 'secret', tokenSecret, '--namespace', namespace, '-o', 'jsonpath={.data.token}']
  const token = await until(async () => (await kubectl(options, secret)) || undefined, {
    what: `the cluster to issue the token of ServiceAccount ${namespace}/${name}`,
    timeoutMs: tokenTimeoutMs,
    signal: options.signal,
    progress: say,
  })
  const view = ['config', 'view', '--minify', '--flatten', '--raw', '-o', 'jsonpath={.clusters[0].cluster}']
  const cluster: unknown = JSON.parse(await kubectl(options, view))
  const folder = join(cwd, 'syncer')
  mkdirSync(folder, { mode: 0o700 })
  const write = (file: string, text: string) => {
    writeFileSync(join(folder, file), text, { mode: 0o600 })
    return join(folder, file)
  }
  const upstream = write('kcp.kubeconfig', kubeconfig)
  const downstream = write('pcluster.kubeconfig', kubeconfigFor(cluster, Buffer.from(token, 'base64').toString()))
  say(
    `(the syncer runs on this machine with a token of ServiceAccount ${namespace}/${name}, not as a pod and not with your credentials: --syncer-image changes that)\n`,
  )
  const { NODE_OPTIONS } = options.env
  const nodeOptions = NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS }
  const ownArgs = args.map(arg => (arg.startsWith('--from-kubeconfig=') ? `--from-kubeconfig=${upstream}` : arg))
  return startServer('syncer', [join(options.root, 'bin', 'syncer'), ...ownArgs, `--to-kubeconfig=${downstream}`], {
    cwd,
    logFile: join(cwd, 'syncer.log'),
    env: { PATH: options.env.PATH, NAMESPACE: namespace, ...nodeOptions },
  })
}

/** Removes everything the walk made in the cluster; the syncer must have stopped, or it would put back what goes. */
export async function cleanCluster(options: OwnCluster): Promise<void> {
  const { say } = options
  // Without a manifest the walk ended before anything was created.
  if (!existsSync(manifestOf(options))) return
  say('Removing from your cluster what the walk created (--keep leaves it)')
  const start = performance.now()
  const progress = setInterval(() => say(`… ${Math.round((performance.now() - start) / 1000)} s`), progressMs)
  try {
    const { namespace } = syncerOf(readManifest(options))
    await kubectl(options, ['delete', '-f', manifestOf(options), ...deleteFlags])
    const filled = await filledNamespaces(options)
    if (filled.length > 0) await kubectl(options, ['delete', 'namespace', ...filled, ...deleteFlags])
    say(`Removed: ${created(namespace, filled)}`)
  } finally {
    clearInterval(progress)
  }
}

/** Says what `--keep` leaves. */
export async function sayKept(options: OwnCluster): Promise<void> {
  if (!existsSync(manifestOf(options))) return
  const { namespace } = syncerOf(readManifest(options))
  options.say(`Left in your cluster: ${created(namespace, await filledNamespaces(options))}`)
}

async function filledNamespaces(options: OwnCluster): Promise<string[]> {
  const list = JSON.parse(await kubectl(options, ['get', 'namespaces', '-o', 'json'])) as {
    items: Parameters<typeof namespacesOf>[1]
  }
  return namespacesOf(syncerOf(readManifest(options)).uid, list.items)
}

const created = (namespace: string, filled: readonly string[]) =>
  `ClusterRole and ClusterRoleBinding ${namespace}, namespaces ${[namespace, ...filled].join(' ')}`

const manifestOf = ({ cwd, target }: OwnCluster) => join(cwd, `syncer-${target}-main.yaml`)

function readManifest(options: OwnCluster): Manifest[] {
  return parseAllDocuments(readFileSync(manifestOf(options), 'utf8')).map(d => d.toJS() as Manifest)
}

/** Standard output of a command in the user's cluster; warnings are not part of it. */
async function kubectl({ cwd, env, pcluster }: OwnCluster, args: readonly string[]): Promise<string> {
  const call = await promisify(execFile)('kubectl', ['--kubeconfig', pcluster, ...args], {
    cwd,
    env,
    maxBuffer: outputBytesLimit,
    timeout: commandTimeoutMs,
  })
  return call.stdout.trim()
}
