// kcp and a simulated physical cluster as a person starts them: real processes, own directories, free ports.
import { existsSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { freePort, type Server, startServer, until } from './processes.ts'

export interface ServerOptions {
  root: string
  cwd: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  progress?: (text: string) => void
  /** Extra flags. */
  flags?: readonly string[]
  /** Set to start again on the port of an earlier run. */
  port?: number
}

export interface RunningServer extends Server {
  readonly command: string
  readonly kubeconfig: string
  readonly port: number
}

const startTimeoutMs = 60_000

export async function startKcp(options: ServerOptions): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const args = ['start', '--secure-port', String(port), ...(options.flags ?? [])]
  return startAndWait(options, { name: 'kcp', args, kubeconfig: join(options.cwd, '.kcp', 'admin.kubeconfig'), port })
}

export async function startPcluster(name: string, options: ServerOptions): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const args = ['start', '--name', name, '--secure-port', String(port), ...(options.flags ?? [])]
  return startAndWait(options, {
    name: 'pcluster',
    args,
    kubeconfig: join(options.cwd, '.pcluster', name, 'admin.kubeconfig'),
    port,
  })
}

interface Program {
  name: 'kcp' | 'pcluster'
  args: string[]
  kubeconfig: string
  port: number
}

async function startAndWait(options: ServerOptions, program: Program): Promise<RunningServer> {
  const { name, args, kubeconfig, port } = program
  const logFile = join(options.cwd, `${name}-${port}.log`)
  const server = startServer(name, [join(options.root, 'bin', name), ...args], {
    cwd: options.cwd,
    env: options.env,
    logFile,
  })
  const check = async () => {
    if (server.exit() !== undefined)
      throw new Error(`${name} ended with exit code ${server.exit()}:\n${server.log().slice(-4000)}`)
    return existsSync(kubeconfig) && (await isReady(port)) ? true : undefined
  }
  try {
    await until(check, {
      what: `${name} to be ready (log: ${logFile})`,
      timeoutMs: startTimeoutMs,
      signal: options.signal,
      ...(options.progress ? { progress: options.progress } : {}),
    })
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, command: [name, ...args].join(' '), kubeconfig, port }
}

/** /readyz needs no credentials, and tells nothing but ready or not: the certificate is checked by kubectl later. */
function isReady(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const call = request(
      { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: 2_000, agent: false },
      response => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
    call.once('error', () => resolve(false))
    call.once('timeout', () => call.destroy())
    call.end()
  })
}
