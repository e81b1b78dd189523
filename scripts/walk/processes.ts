// Child processes of a walk: started in a group of their own, watched, and all stopped together.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

export interface RunResult {
  code: number
  /** Standard output and error in the order they came. */
  output: string
}

export interface RunOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  /** Gets the bytes as they come. */
  onOutput?: (text: string) => void
}

/** Runs a shell command to its end. An abort ends it first: who cleans up after it must not find it at work. */
export function runCommand(command: string, options: RunOptions): Promise<RunResult> {
  const { signal } = options
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    // A group of its own: sh and what it started end together.
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    endsWithUs(child)
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8')
      options.onOutput?.(chunk.toString('utf8'))
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    let kill: NodeJS.Timeout | undefined
    const end = () => {
      killGroup(child.pid, 'SIGTERM')
      kill = setTimeout(() => killGroup(child.pid), stopGraceMs)
    }
    signal.addEventListener('abort', end, { once: true })
    child.once('error', reject)
    child.once('close', code => {
      signal.removeEventListener('abort', end)
      clearTimeout(kill)
      if (signal.aborted) reject(signal.reason)
      else resolve({ code: code ?? 1, output })
    })
  })
}

const stopGraceMs = 8_000

export interface Server {
  readonly name: string
  readonly logFile: string
  /** Undefined while it runs. */
  exit(): number | undefined
  log(): string
  /** SIGTERM, then SIGKILL after the grace; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export function startServer(
  name: string,
  command: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; logFile: string },
): Server {
  const log = openSync(options.logFile, 'a')
  const [file = '', ...args] = command
  // A group of its own: ctrl-c in the terminal reaches us alone, and we stop children in order.
  const child: ChildProcess = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  endsWithUs(child)
  let exitCode: number | undefined
  const gone = new Promise<void>(resolve => {
    child.once('error', () => {
      exitCode = 127
      resolve()
    })
    child.once('exit', code => {
      exitCode = code ?? 1
      resolve()
    })
  })
  return {
    name,
    logFile: options.logFile,
    exit: () => exitCode,
    log: () => readFileSync(options.logFile, 'utf8'),
    async stop(signal = 'SIGTERM') {
      if (exitCode !== undefined || child.pid === undefined) return
      child.kill(signal)
      const kill = setTimeout(() => killGroup(child.pid), stopGraceMs)
      await gone
      clearTimeout(kill)
      killGroup(child.pid)
    },
  }
}

/** Groups of children; none of them may outlive this process, however it comes to its end. */
const groups = new Set<number>()

function endsWithUs(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  if (groups.size === 0) process.once('exit', killAllGroups)
  groups.add(pid)
  child.once('exit', () => {
    groups.delete(pid)
    if (groups.size === 0) process.off('exit', killAllGroups)
  })
}

function killAllGroups(): void {
  for (const pid of groups) killGroup(pid)
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: the group is gone, which is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A TCP port nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port')),
      )
    })
  })
}

export interface Condition {
  what: string
  timeoutMs: number
  signal: AbortSignal
  /** Called every two seconds while it lasts. */
  progress?: (text: string) => void
}

const lookAgainMs = 50
const progressMs = 2_000

/** Waits until a check answers something; throws with `what` after the timeout. */
export async function until<T>(check: () => Promise<T | undefined> | T | undefined, condition: Condition): Promise<T> {
  const start = performance.now()
  let said = start
  for (;;) {
    condition.signal.throwIfAborted()
    const found = await check()
    if (found !== undefined) return found
    const now = performance.now()
    if (now - start > condition.timeoutMs)
      throw new Error(`timed out after ${condition.timeoutMs / 1000} s: ${condition.what}`)
    if (now - said > progressMs) {
      said = now
      condition.progress?.(`still waiting: ${condition.what} (${Math.round((now - start) / 1000)} s)`)
    }
    await new Promise(resolve => setTimeout(resolve, lookAgainMs))
  }
}
