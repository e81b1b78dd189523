// How long `kcp start` takes from an empty directory to /readyz, and again over its own store; what it uses at rest.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../scripts/walk/processes.ts'
import { printRow, quantile } from './report.ts'
import { cpuMs, createPlace, root, rssMb } from './servers.ts'

const starts = 3
const restMs = 5_000

export async function run(): Promise<void> {
  printRow({ 'floor: node starts and ends, ms': await nodeAlone() })
  const empty: number[] = []
  const again: number[] = []
  for (let i = 0; i < starts; i++) {
    await using place = createPlace()
    const isLast = i === starts - 1
    empty.push(await measureStart(place.cwd, isLast))
    again.push(await measureStart(place.cwd, false))
  }
  printRow({ 'empty directory → /readyz, ms': quantile(empty, 0.5), 'restart, ms': quantile(again, 0.5) })
}

async function nodeAlone(): Promise<number> {
  const startedMs = performance.now()
  await once(spawn(process.execPath, ['-e', '']), 'exit')
  return performance.now() - startedMs
}

/** On another port all URLs are others, which is one write a workspace. */
export async function measureStart(cwd: string, looksAtRest: boolean, samePort?: number): Promise<number> {
  const port = samePort ?? (await freePort())
  const startedMs = performance.now()
  const child = spawn(join(root, 'bin', 'kcp'), ['start', '--secure-port', String(port)], { cwd, stdio: 'ignore' })
  // On one connection: a handshake for every question would be a good part of what is measured.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  while (!(await isReady(port, agent))) await delay(5)
  const readyMs = performance.now() - startedMs
  agent.destroy()
  if (looksAtRest && child.pid !== undefined) await measureRest(child.pid)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  return readyMs
}

async function measureRest(pid: number): Promise<void> {
  const atReady = rssMb(pid)
  await delay(restMs)
  const before = cpuMs(pid)
  await delay(restMs)
  printRow({
    'RSS when ready, MB': atReady,
    'RSS at rest, MB': rssMb(pid),
    'CPU at rest, % of a core': ((cpuMs(pid) - before) / restMs) * 100,
  })
}

function isReady(port: number, agent: Agent): Promise<boolean> {
  return new Promise(resolve => {
    const options = { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, agent }
    const call = request(options, response => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    call.once('error', () => resolve(false))
    call.end()
  })
}
