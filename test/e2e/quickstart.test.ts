// `npm run quickstart` as a person sees it: everything printed was run, it stays up, and ctrl-c leaves nothing behind.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { until } from '../../scripts/walk/processes.ts'
import { seedNames, walkSteps } from '../../scripts/walk/steps.ts'
import { placesOf, root } from '../harness/walk.ts'

function quickstart(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; output: () => string; exit: Promise<number> } {
  const child = spawn(join(root, 'scripts/node.sh'), [join(root, 'scripts/quickstart.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
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
  test('-- --exit walks and ends, with no home and beside whatever the user has', async t => {
    const folder = mkdtempSync(join(tmpdir(), 'quickstart-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const mine = join(folder, 'config')
    const text = 'apiVersion: v1\nkind: Config\ncurrent-context: mine\n'
    writeFileSync(mine, text)
    const kcpOfTheClone = existsSync(join(root, '.kcp'))
    const proxy = 'http://127.0.0.1:1'
    const env = { KUBECONFIG: mine, HOME: undefined, HTTPS_PROXY: proxy, https_proxy: proxy }
    const run = quickstart(['--exit'], env)
    assert.equal(await run.exit, 0, run.output())
    assert.match(run.output(), /^kuard +1\/1 /m)
    assert.match(run.output(), /^kcp-[0-9a-z]{12} +kuard-/m)
    const commands = walkSteps(seedNames, placesOf(seedNames.target)).map(({ command }) => `$ ${command}`)
    const printed = run.output().split('\n')
    assert.deepEqual(
      printed.filter(line => commands.includes(line)),
      commands,
    )
    assert.equal(readFileSync(mine, 'utf8'), text)
    assert.equal(existsSync(join(root, '.kcp')), kcpOfTheClone)
    assert.equal(existsSync(join(root, '.quickstart', String(run.child.pid))), false)
  })
  test('npm run dev: the running pair with its syncer, and no workload', async () => {
    const run = quickstart(['--empty', '--exit'])
    assert.equal(await run.exit, 0, run.output())
    assert.match(run.output(), /Placement "placement-\w+" is ready/)
    assert.doesNotMatch(run.output(), /kuard/)
  })
  test('a terminal closed in the middle of the walk leaves nothing running', async () => {
    const run = quickstart([])
    const folder = join(root, '.quickstart', String(run.child.pid))
    await until(() => (/kubectl version/.test(run.output()) ? true : undefined), {
      what: 'the first step',
      timeoutMs: 60_000,
      signal,
    })
    assert.ok(processesIn(folder).length > 0)
    run.child.kill('SIGHUP')
    assert.notEqual(await run.exit, 0)
    assert.deepEqual(processesIn(folder), [])
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
