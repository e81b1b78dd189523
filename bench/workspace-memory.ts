// What 1,000 empty workspaces cost: heap after a collection, memory of the process, and disk.
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../scripts/walk/processes.ts'
import { heapAfterCollection } from './heap.ts'
import { printRow } from './report.ts'
import { bytesBelow, cpuMs, rssMb, startBenchedKcp } from './servers.ts'
import { createWorkspaces, watchReady } from './workspaces.ts'

const warmUp = 200
const count = 1_000
const clients = 8
const settleMs = 2_000

export async function run(): Promise<void> {
  const inspectorPort = await freePort()
  await using kcp = await startBenchedKcp({ NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort}` })
  const stop = new AbortController()
  const whenReady = await watchReady(kcp.endpoint, stop.signal)
  await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'a', count: warmUp, clients })
  const look = async () => {
    await delay(settleMs)
    const heapMb = await heapAfterCollection(inspectorPort)
    return { heapMb, rssMb: rssMb(kcp.pid), diskMb: bytesBelow(kcp.storeDirectory) / 1e6 }
  }
  const before = await look()
  const cpuBefore = cpuMs(kcp.pid)
  const startedMs = performance.now()
  await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'b', count, clients })
  const seconds = (performance.now() - startedMs) / 1000
  const cpu = cpuMs(kcp.pid) - cpuBefore
  const after = await look()
  stop.abort()
  printRow({ 'created per second': count / seconds, 'CPU ms each': cpu / count })
  printRow({
    'kB each, heap': ((after.heapMb - before.heapMb) / count) * 1000,
    RSS: ((after.rssMb - before.rssMb) / count) * 1000,
    'disk (with 5 minutes of history)': ((after.diskMb - before.diskMb) / count) * 1000,
  })
  printRow({ 'heap with them, MB': after.heapMb, 'RSS, MB': after.rssMb })
}
