// Real programs and a real kubectl for e2e tests: starts kcp and physical clusters in a folder of their own, runs commands,
// and shows logs and objects when something fails.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findKubectl } from '../../scripts/kubectl.ts'
import { type RunResult, runCommand, until } from '../../scripts/walk/processes.ts'
import { type RunningServer, startKcp, startPcluster } from '../../scripts/walk/servers.ts'
import { type Step, type WalkNames, type WalkPlaces, walkSteps } from '../../scripts/walk/steps.ts'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface Stage extends AsyncDisposable {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Aborted when the stage closes. */
  readonly signal: AbortSignal
  readonly servers: Map<string, RunningServer>
  startKcp(flags?: readonly string[]): Promise<RunningServer>
  startPcluster(name: string, flags?: readonly string[]): Promise<RunningServer>
  /** Stops a server; `restart` brings it back on the same port with the same flags. */
  stop(name: string, signal?: NodeJS.Signals): Promise<void>
  restart(name: string): Promise<void>
  /** Runs a shell command with the KUBECONFIG of kcp; any exit code. */
  run(command: string): Promise<RunResult>
  /** Output of a command that must succeed. */
  ok(command: string): Promise<string>
  /** The same against a physical cluster. */
  down(cluster: string, command: string): Promise<string>
  step(step: Step): Promise<string>
  /** Repeats a command until its output matches; fails with the last output after the deadline. */
  eventually(command: string, pattern: RegExp, what: string): Promise<string>
  /** Waits for a check of any kind. */
  until<T>(what: string, check: () => Promise<T | undefined>): Promise<T>
}

const eventuallyMs = 30_000

// A test run that is interrupted or takes too long ends by a signal: with an exit, children end too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

export function openStage(): Stage {
  const cwd = mkdtempSync(join(tmpdir(), 'kcp-e2e-'))
  const path = [join(root, 'bin'), dirname(findKubectl()), process.env.PATH ?? ''].join(delimiter)
  const env = { ...process.env, PATH: path, KUBECONFIG: '.kcp/admin.kubeconfig', HOME: cwd }
  const servers = new Map<string, RunningServer>()
  const started = new Map<string, readonly string[]>()
  const ending = new AbortController()
  const base = { root, cwd, env, signal: ending.signal }

  const launch = (name: string, flags: readonly string[], port?: number) => {
    const options = { ...base, flags, ...(port === undefined ? {} : { port }) }
    return name === 'kcp' ? startKcp(options) : startPcluster(name, options)
  }
  const begin = async (name: string, flags: readonly string[]) => {
    started.set(name, flags)
    const server = await launch(name, flags)
    servers.set(name, server)
    return server
  }
  const run = (command: string) => runCommand(command, { cwd, env, signal: ending.signal })
  const logs = () =>
    [...servers.values()].map(s => `--- ${s.name}\n${s.log().split('\n').slice(-25).join('\n')}`).join('\n')
  const ok = async (command: string) => {
    const result = await run(command)
    assert.equal(result.code, 0, `$ ${command}\n${result.output}\n${logs()}`)
    return result.output
  }
  const wait = <T>(what: string, check: () => Promise<T | undefined>) =>
    until(check, { what, timeoutMs: eventuallyMs, signal: ending.signal })

  return {
    cwd,
    env,
    signal: ending.signal,
    servers,
    run,
    ok,
    startKcp: (flags = []) => begin('kcp', flags),
    startPcluster: (name, flags = []) => begin(name, flags),
    async stop(name, signal) {
      await servers.get(name)?.stop(signal)
    },
    async restart(name) {
      const port = servers.get(name)?.port
      assert.ok(port !== undefined, `${name} was never started`)
      servers.set(name, await launch(name, started.get(name) ?? [], port))
    },
    down: (cluster, command) => ok(`KUBECONFIG=.pcluster/${cluster}/admin.kubeconfig ${command}`),
    async step(step) {
      const output = await ok(step.command)
      for (const pattern of step.expect) assert.match(output, pattern, `$ ${step.command}\n${output}\n${logs()}`)
      return output
    },
    async eventually(command, pattern, what) {
      let last = ''
      try {
        return await wait(what, async () => {
          last = (await run(command)).output
          return pattern.test(last) ? last : undefined
        })
      } catch (error) {
        throw new Error(`${what}: $ ${command}\n${last}\n${logs()}`, { cause: error })
      }
    },
    until: wait,
    async [Symbol.asyncDispose]() {
      for (const server of [...servers.values()].toReversed()) await server.stop()
      ending.abort()
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}

export function placesOf(target: string): WalkPlaces {
  return { pcluster: `.pcluster/${target}/admin.kubeconfig`, syncFlags: '' }
}

/** Starts the pair and walks to the running deployment. */
export async function performWalk(stage: Stage, names: WalkNames, kcpFlags: readonly string[] = []): Promise<string> {
  await Promise.all([stage.startKcp(kcpFlags), stage.startPcluster(names.target)])
  let output = ''
  for (const step of walkSteps(names, placesOf(names.target))) output = await stage.step(step)
  return output
}
