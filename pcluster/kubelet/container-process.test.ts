import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { startProcess } from './container-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'container-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const logFile = join(folder, 'log')
const start = (command: string[], env: Record<string, string> = {}) =>
  startProcess({ command, env, cwd: folder, logFile })
const log = () => readFileSync(logFile, 'utf8')

async function until(check: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!check()) {
    assert.ok(performance.now() < deadline, 'the condition did not come true in 10 s')
    await new Promise(resolve => setImmediate(resolve))
  }
}

function isRunning(pid: number): boolean {
  try {
    // A zombie still answers signals; its command line is gone.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    return false
  }
}

describe('a container process', { skip: process.platform !== 'linux' && 'looks into /proc' }, () => {
  test('has the environment it is given, and its exit code is told', async () => {
    const { ended } = start(['/bin/sh', '-c', 'echo "$A-$HOME"; exit 7'], { A: 'b' })
    assert.deepEqual(await ended, { exitCode: 7 })
    assert.match(log(), /^b-$/m)
  })

  test('stops when told', async () => {
    const running = start([process.execPath, '-e', 'console.log("pid", process.pid); setInterval(() => {}, 1000)'])
    await until(() => /pid \d+/.test(log()))
    const pid = Number(/pid (\d+)/.exec(log())?.[1])
    await running.stop()
    assert.ok(!isRunning(pid))
  })

  test('ends when its parent is killed', async () => {
    const file = join(folder, 'parent.mjs')
    const module = new URL('./container-process.ts', import.meta.url).href
    writeFileSync(
      file,
      `import { startProcess } from ${JSON.stringify(module)}
startProcess({ command: [process.execPath, '-e', 'console.log("child", process.pid); setInterval(() => {}, 1000)'], env: {}, cwd: '/', logFile: ${JSON.stringify(logFile)} })`,
    )
    const parent = spawn(process.execPath, [file], { stdio: 'ignore' })
    await until(() => /child \d+/.test(log()))
    const pid = Number(/child (\d+)/.exec(log())?.[1])
    parent.kill('SIGKILL')
    await until(() => !isRunning(pid))
  })
})
