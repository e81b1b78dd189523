// `npm run quickstart` as a person sees it: everything printed was run, it stays up, and ctrl-c leaves nothing behind.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { until } from '../../scripts/walk/processes.ts'
import { root } from '../harness/walk.ts'

function quickstart(args: string[]): { child: ChildProcess; output: () => string; exit: Promise<number> } {
  const child = spawn(join(root, 'scripts/node.sh'), [join(root, 'scripts/quickstart.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  let output = ''
  child.stdout?.on('data', chunk => (output += chunk))
  child.stderr?.on('data', chunk => (output += chunk))
  const exit = new Promise<number>(resolve => child.once('exit', code => resolve(code ?? 1)))
  return { child, output: () => output, exit }
}

/** Processes of a quickstart work in its folder. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return (
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder) ||
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
        )
      } catch {
        // It ended meanwhile, or is not ours.
        return false
      }
    })
    .map(Number)
}

const signal = new AbortController().signal

describe('npm run quickstart', { skip: process.platform !== 'linux' && 'looks for processes in /proc' }, () => {
  test('-- --exit walks and ends', async () => {
    const run = quickstart(['--exit'])
    assert.equal(await run.exit, 0, run.output())
    assert.match(run.output(), /^kuard +1\/1 /m)
    assert.match(run.output(), /^kcp-[0-9a-z]{12} +kuard-/m)
  })
  test('stays up, says how to go on, and ctrl-c stops everything', async () => {
    const run = quickstart([])
    await until(() => (/ctrl-c stops everything/.test(run.output()) ? true : undefined), {
      what: 'the walk to end',
      timeoutMs: 90_000,
      signal,
    })
    assert.match(run.output(), /export PATH=.*bin/)
    const folder = /export KUBECONFIG=(.*)\/\.kcp\/admin\.kubeconfig/.exec(run.output())?.[1] ?? ''
    assert.ok(folder !== '' && processesIn(folder).length > 0)
    run.child.kill('SIGINT')
    assert.equal(await run.exit, 0, run.output())
    // The shell that watches over a pod's process sleeps for tenths of a second.
    await until(() => (processesIn(folder).length === 0 ? true : undefined), {
      what: 'no process is left',
      timeoutMs: 2_000,
      signal,
    })
  })
  test('when nobody reads its output any more, it stops everything', async () => {
    const run = quickstart([])
    await until(() => (/\$ pcluster start/.test(run.output()) ? true : undefined), {
      what: 'the servers to be up',
      timeoutMs: 60_000,
      signal,
    })
    const folder = join(root, '.quickstart', String(run.child.pid))
    assert.ok(processesIn(folder).length > 0)
    run.child.stdout?.destroy()
    run.child.stderr?.destroy()
    assert.equal(await run.exit, 130)
    assert.deepEqual(processesIn(folder), [])
  })
})
