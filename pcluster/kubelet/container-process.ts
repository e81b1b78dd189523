// One container as a process of this machine, which ends with its pod and with us, however we end.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

export interface ContainerProcess {
  readonly pid: number | undefined
  /** Resolves when it has ended. */
  readonly ended: Promise<{ exitCode: number }>
  /** SIGTERM, and SIGKILL after the grace. */
  stop(): Promise<void>
}

export interface ProcessOptions {
  command: readonly string[]
  env: Record<string, string>
  cwd: string
  /** Output is appended. */
  logFile: string
}

const killGraceSeconds = 8

// The shell holds our end of a pipe: when it closes, because we say so or because we are gone (kill -9 included), the
// program gets SIGTERM, then SIGKILL. Only sh builtins and sleep, so the program's own environment is all that is needed.
const supervisor = `exec 3<&0 </dev/null
"$@" 3<&- & program=$!
{ read -r _ <&3; kill -TERM $program 2>/dev/null; left=${killGraceSeconds}0
  while [ $left -gt 0 ] && kill -0 $program 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
  kill -KILL $program 2>/dev/null; } >/dev/null 2>&1 & watcher=$!
exec 3<&-
wait $program; code=$?
kill -TERM $watcher 2>/dev/null
exit $code`

export function startProcess(options: ProcessOptions): ContainerProcess {
  const log = openSync(options.logFile, 'a', 0o600)
  const child: ChildProcess = spawn('/bin/sh', ['-c', supervisor, 'container', ...options.command], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', log, log],
    detached: true,
  })
  closeSync(log)
  child.stdin?.on('error', () => undefined)
  const ended = new Promise<{ exitCode: number }>(resolve => {
    child.once('error', () => resolve({ exitCode: 127 }))
    child.once('exit', code => resolve({ exitCode: code ?? 137 }))
  })
  return {
    pid: child.pid,
    ended,
    async stop() {
      child.stdin?.end()
      await ended
    },
  }
}
