// Starts `kcp start` as a child process, from the sources, in a directory of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface KcpProcess {
  readonly child: ChildProcess
  readonly kubeconfigPath: string
  /** Everything the process wrote so far. */
  output(): string
  /** Resolves when the output has a match; rejects with the output when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

const main = fileURLToPath(new URL('../../kcp/main.ts', import.meta.url))

/** `launcher`: a command that execs the one it is given. */
export function spawnKcp(directory: string, args: readonly string[], launcher: readonly string[] = []): KcpProcess {
  const command = [...launcher, process.execPath, '--disable-warning=ExperimentalWarning', main, ...args]
  const child = spawn(command[0] ?? '', command.slice(1), { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const waiting = new Set<() => void>()
  const append = (chunk: Buffer): void => {
    text += chunk.toString()
    for (const check of [...waiting]) check()
  }
  child.stdout.on('data', append)
  child.stderr.on('data', append)
  const ended = new Promise<number | string>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''))
  })
  return {
    child,
    kubeconfigPath: join(directory, '.kcp', 'admin.kubeconfig'),
    output: () => text,
    ended,
    printed: pattern =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = text.match(pattern)
          if (!match) return
          waiting.delete(check)
          resolve(match)
        }
        waiting.add(check)
        check()
        void ended.then(code => reject(new Error(`kcp ended with ${code} before it printed ${pattern}:\n${text}`)))
      }),
  }
}
