// The built programs as processes in a directory of their own, removed at the end.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { findKubectl } from '../scripts/kubectl.ts'
import { type RunningServer, startKcp } from '../scripts/walk/servers.ts'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export interface Place extends AsyncDisposable {
  readonly root: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

export function createPlace(): Place {
  const cwd = mkdtempSync(join(tmpdir(), 'bench-'))
  const path = [join(root, 'bin'), dirname(findKubectl()), process.env.PATH ?? ''].join(delimiter)
  const env = { ...process.env, PATH: path, KUBECONFIG: '.kcp/admin.kubeconfig', HOME: cwd }
  const signal = new AbortController().signal
  return { root, cwd, env, signal, [Symbol.asyncDispose]: async () => rmSync(cwd, { recursive: true, force: true }) }
}

/** Where to send requests, and as whom. */
export interface Endpoint {
  readonly port: number
  readonly token: string
}

export interface Kcp extends AsyncDisposable {
  readonly place: Place
  readonly server: RunningServer
  readonly endpoint: Endpoint
  readonly pid: number
  readonly storeDirectory: string
}

export async function startBenchedKcp(env: NodeJS.ProcessEnv = {}): Promise<Kcp> {
  const place = createPlace()
  const server = await startKcp({ ...place, env: { ...place.env, ...env } })
  return {
    place,
    server,
    endpoint: endpointOf(server),
    pid: pidOf('kcp.mjs', String(server.port)),
    storeDirectory: join(place.cwd, '.kcp', 'store'),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await place[Symbol.asyncDispose]()
    },
  }
}

interface Kubeconfig {
  readonly 'current-context': string
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string } }[]
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[]
  readonly users: readonly { readonly name: string; readonly user: { readonly token?: string } }[]
}

function readKubeconfig({ kubeconfig }: RunningServer): Kubeconfig {
  return parse(readFileSync(kubeconfig, 'utf8'))
}

export function endpointOf(server: RunningServer, user?: string): Endpoint {
  const { users } = readKubeconfig(server)
  const found = users.find(each => each.user.token !== undefined && (user === undefined || each.name === user))
  return { port: server.port, token: found?.user.token ?? '' }
}

/** `/clusters/<path>` of the current context. */
export function workspacePathOf(server: RunningServer): string {
  const { contexts, clusters, 'current-context': current } = readKubeconfig(server)
  const name = contexts.find(each => each.name === current)?.context.cluster
  return new URL(clusters.find(each => each.name === name)?.cluster.server ?? '').pathname
}

/** The bundled program whose command line has this text somewhere. */
export function pidOf(program: string, text: string): number {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const args = commandLineOf(pid)
    if (args.some(arg => arg.endsWith(`/dist/${program}`)) && args.some(arg => arg.includes(text))) return Number(pid)
  }
  throw new Error(`no process runs ${program} with ${text}`)
}

function commandLineOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It ended since the folder was read.
    return []
  }
}

export function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000
}

const clockTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / clockTicks
}

export function bytesBelow(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
}
