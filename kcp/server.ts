// Composition root: starts and stops every part of the server in order. Store, files, request path and listener come
// first; what makes the server ready (start-up.ts) runs while it already answers.
import { randomUUID } from 'node:crypto'
import type { Log } from '../api-client/log.ts'
import { type AdminTokens, loadAdminTokens, writeAdminKubeconfig } from './bootstrap/admin-kubeconfig.ts'
import { ensureDirectory } from './bootstrap/root-directory.ts'
import { ensureServiceAccountKey } from './bootstrap/service-account-key.ts'
import type { Handler } from './http/exchange.ts'
import { type Listener, startListener } from './http/listener.ts'
import type { LogSource } from './log.ts'
import type { KcpOptions } from './options.ts'
import { createReadiness } from './readiness.ts'
import { hostAndPort, serverUrl } from './server-address.ts'
import { readStaticTokens } from './server-auth.ts'
import { createServerCore } from './server-core.ts'
import { prepareServing, type Serving } from './serving.ts'
import { startSteps, startUp } from './start-up.ts'
import { openSqliteStore } from './storage/sqlite-store.ts'
import type { Store } from './storage/store.ts'

export interface Surroundings {
  readonly logs: LogSource
  /** Instead of the one in the store directory. `failed` is told once when it can no longer be written. */
  readonly openStore?: (failed: (error: Error) => void) => Promise<Store>
}

export interface RunningKcp extends AsyncDisposable {
  /** https://host:port */
  readonly url: string
  readonly port: number
  readonly tokens: AdminTokens
  /** PEM that clients trust. */
  readonly certificateAuthority: string
  /** Resolves when /readyz says so; rejects when the start failed. */
  readonly ready: Promise<void>
  /** Rejects when the store can no longer be written: nobody knows what is on disk, and the process must end. */
  readonly failed: Promise<never>
}

export async function startKcp(options: KcpOptions, surroundings: Surroundings): Promise<RunningKcp> {
  const parts = new AsyncDisposableStack()
  try {
    return await start(options, surroundings, parts)
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

async function start(options: KcpOptions, surroundings: Surroundings, parts: AsyncDisposableStack) {
  const { logs } = surroundings
  const now = (): Date => new Date()
  await ensureDirectory(options.rootDirectory)
  const failure = Promise.withResolvers<never>()
  // It is the business of whoever waits for `failed`.
  failure.promise.catch(() => undefined)
  const stored = parts.use(await openStore(options, surroundings, failure.reject))
  const files = { kubeconfigPath: options.kubeconfigPath, tokenStorePath: options.adminTokenStorePath }
  const [serving, serviceAccountKey, tokens] = await Promise.all([
    prepareServing(options, now),
    ensureServiceAccountKey(options.serviceAccountKeyFile),
    loadAdminTokens(files, { withUser: options.batteries.has('user'), newToken: randomUUID }),
  ])
  const readiness = createReadiness(Object.values(startSteps))
  const stopping = new AbortController()
  parts.defer(() => stopping.abort())
  let port = options.securePort
  const core = createServerCore({
    stored,
    logs,
    now,
    signal: stopping.signal,
    serviceAccountKey,
    staticTokens: await readStaticTokens(tokens, { tokenAuthFile: options.tokenAuthFile, newId: randomUUID }),
    alwaysAllowPaths: options.alwaysAllowPaths,
    readiness: readiness.checks,
    serverAddress: () => hostAndPort(serving.host, port),
    externalUrl: () => options.shard.externalUrl || serverUrl(serving.host, port),
    homeWorkspaces: options.homeWorkspaces.enabled,
    virtualWorkspaces: options.runVirtualWorkspaces,
  })
  const listener = parts.use(await listen(options, { serving, handler: core.handler, logs }))
  port = listener.port
  const url = serverUrl(serving.host, port)
  const { certificateAuthority } = serving
  await writeAdminKubeconfig(files, { url, certificateAuthority }, tokens)
  const log = logs.part('server')
  renewCertificate(options, { listener, log, now, signal: stopping.signal })
  log.info({ url, kubeconfig: options.kubeconfigPath }, 'listening')
  const { signal } = stopping
  const loops: Promise<void>[] = []
  const own = (loop: Promise<void>): unknown => loops.push(loop)
  const ready = startUp({ options, core, logs, now, signal, own, readiness, url, certificateAuthority })
  // Its failure is the business of whoever waits for `ready`.
  const started = ready.catch(() => undefined)
  parts.defer(async () => {
    readiness.shutDown()
    stopping.abort()
    await started
    // What a controller is about to write must not meet a closed store.
    await Promise.all(loops)
  })
  return {
    url,
    port,
    tokens,
    certificateAuthority,
    ready,
    failed: failure.promise,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function openStore(options: KcpOptions, { openStore: open }: Surroundings, failed: (error: Error) => void) {
  return open ? open(failed) : openSqliteStore({ directory: options.storeDirectory, onFailure: failed })
}

interface RenewParts {
  readonly listener: Listener
  readonly log: Log
  readonly now: () => Date
  readonly signal: AbortSignal
}

const renewalCheckMs = 12 * 60 * 60 * 1000

/** A server may run for longer than its certificate: new connections get the one that was issued in time. */
function renewCertificate(options: KcpOptions, { listener, log, now, signal }: RenewParts): void {
  const renew = async (): Promise<void> => {
    try {
      listener.replaceSecureMaterial((await prepareServing(options, now)).material)
    } catch (error) {
      log.error({ err: error }, 'the serving certificate could not be renewed')
    }
  }
  const timer = setInterval(() => void renew(), renewalCheckMs)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

interface ListenParts {
  readonly serving: Serving
  readonly handler: Handler
  readonly logs: LogSource
}

async function listen(options: KcpOptions, { serving, handler, logs }: ListenParts): Promise<Listener> {
  const { bindAddress: host, securePort: port } = options
  try {
    return await startListener({ handler, secure: serving.material, host, port, log: logs.part('http') })
  } catch (cause) {
    throw new Error(listenProblem(cause, host, port), { cause })
  }
}

function listenProblem(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  const where = `--secure-port ${port} on ${hostAndPort(host, port)}`
  if (code === 'EADDRINUSE') return `${where} is in use by another process: stop that one or choose another port`
  if (code === 'EACCES') return `${where} may not be opened by this user: choose a port above 1023`
  if (code === 'EADDRNOTAVAIL') return `--bind-address ${host} is no address of this machine`
  return cause instanceof Error ? cause.message : String(cause)
}
