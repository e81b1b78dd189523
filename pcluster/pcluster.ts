// Composition root of the simulated cluster: store, API server, controllers, kubelet; started and stopped in order.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { systemClock } from '../api-client/clock.ts'
import type { Log } from '../api-client/log.ts'
import { ensureServingCertificate, interfaceAddresses } from '../kcp/bootstrap/certificates.ts'
import { ensureDirectory, readFileIfPresent, writeSecretFile } from '../kcp/bootstrap/root-directory.ts'
import { ensureServiceAccountKey } from '../kcp/bootstrap/service-account-key.ts'
import type { LoopDeps } from '../kcp/controllers/loop.ts'
import { createSharedInformers } from '../kcp/controllers/shared-informers.ts'
import { startListener } from '../kcp/http/listener.ts'
import { openSqliteStore } from '../kcp/storage/sqlite-store.ts'
import { bootstrapCluster } from './bootstrap.ts'
import { createClusterCache } from './cluster-cache.ts'
import { startClusterControllers } from './controllers/controllers.ts'
import { type Kubelet, startKubelet } from './kubelet/kubelet.ts'
import { nodeName } from './kubelet/node.ts'
import type { PclusterOptions } from './options.ts'
import { createClusterServer } from './server.ts'

export interface RunningPcluster extends AsyncDisposable {
  readonly url: string
  readonly kubeconfigPath: string
  /** Rejects when the store can no longer be written: the process must end. */
  readonly failed: Promise<never>
}

export async function startPcluster(options: PclusterOptions, log: Log): Promise<RunningPcluster> {
  const parts = new AsyncDisposableStack()
  try {
    return await start(options, log, parts)
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

async function start(options: PclusterOptions, log: Log, parts: AsyncDisposableStack): Promise<RunningPcluster> {
  const { directory } = options
  const now = () => new Date()
  await ensureDirectory(directory)
  const failure = Promise.withResolvers<never>()
  // It is the business of whoever waits for `failed`.
  failure.promise.catch(() => undefined)
  const store = parts.use(await openSqliteStore({ directory: join(directory, 'store'), onFailure: failure.reject }))
  const host = options.externalHostname || advertisedAddress(options.bindAddress)
  const [serving, key, adminToken] = await Promise.all([
    ensureServingCertificate({ directory, names: [host, ...interfaceAddresses()], now }),
    ensureServiceAccountKey(join(directory, 'sa.key')),
    ensureToken(join(directory, '.admin-token')),
  ])
  const stopping = new AbortController()
  let ready = false
  let port = await lastPort(directory, options.securePort)
  let kubelet: Kubelet | undefined
  const server = createClusterServer({
    store,
    log,
    key,
    adminToken,
    now,
    random: Math.random,
    isReady: () => ready,
    signal: stopping.signal,
    serverAddress: () => `${host}:${port}`,
    logFile: (pod, container) => kubelet?.logFile(pod, container),
  })
  const secure = { cert: serving.certificateChain, key: serving.privateKey, clientCa: serving.authority }
  const listener = parts.use(
    await listen({ handler: server.handler, secure, host: options.bindAddress, port, log }, options.securePort),
  )
  port = listener.port
  await writeSecretFile(join(directory, 'port'), String(port))
  const url = `https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const kubeconfigPath = join(directory, 'admin.kubeconfig')
  const { authority } = serving
  await writeSecretFile(kubeconfigPath, kubeconfigText({ name: options.name, url, authority, token: adminToken }))

  const loops: Promise<void>[] = []
  parts.defer(async () => {
    stopping.abort()
    await Promise.all(loops)
    // No loop is left that could start a process again.
    await kubelet?.stop()
  })
  const surroundings = { log, clock: systemClock, random: Math.random }
  const informers = createSharedInformers(server.client, surroundings)
  const deps: LoopDeps = {
    ...surroundings,
    client: server.client,
    informers,
    signal: stopping.signal,
    own: loop => loops.push(loop),
  }
  const apiServer = { host, port }
  await bootstrapCluster({ client: server.client, clusterName: options.name, apiServer, now: now() })
  const cache = createClusterCache(server.client, log)
  startClusterControllers(deps, cache, { ...server, certificateAuthority: authority, issuer: serving.issuer, now })
  kubelet = startKubelet(deps, cache, { ...options, nodeName: nodeName(options.name), apiServer })
  void cache.run(stopping.signal)
  await cache.synced()
  ready = true
  return { url, kubeconfigPath, failed: failure.promise, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

type ListenOptions = Parameters<typeof startListener>[0]

/** A port remembered from the last start may be taken by now; one asked for must be free. */
async function listen(options: ListenOptions, wanted: number) {
  try {
    return await startListener(options)
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (inUse && wanted === 0) return startListener({ ...options, port: 0 })
    if (inUse)
      throw new Error(`--secure-port ${wanted} is in use by another process: stop that one or choose another port`, {
        cause: error,
      })
    throw error
  }
}

async function lastPort(directory: string, wanted: number): Promise<number> {
  if (wanted !== 0) return wanted
  return Number((await readFileIfPresent(join(directory, 'port')))?.toString() ?? 0)
}

function advertisedAddress(bindAddress: string): string {
  if (bindAddress !== '0.0.0.0' && bindAddress !== '::') return bindAddress
  return interfaceAddresses().find(address => isIP(address) === 4 && !address.startsWith('127.')) ?? '127.0.0.1'
}

async function ensureToken(path: string): Promise<string> {
  if (await readFileIfPresent(path)) return readFile(path, 'utf8')
  const token = randomUUID()
  await writeSecretFile(path, token)
  return token
}

function kubeconfigText({
  name,
  url,
  authority,
  token,
}: {
  name: string
  url: string
  authority: string
  token: string
}): string {
  const context = `${name}-simulated`
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: context,
        cluster: { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server: url },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    'current-context': context,
    users: [{ name: context, user: { token } }],
  })
}
