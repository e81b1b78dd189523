// What a synced object costs the agent: memory after 1,000 and after 10,000 ConfigMaps of 1 KiB, and after a start over
// all of them. Heap after a collection is what is kept; RSS is what the machine pays.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runLocalSyncer } from '../scripts/walk/own-cluster.ts'
import { freePort, type Server } from '../scripts/walk/processes.ts'
import { startPcluster } from '../scripts/walk/servers.ts'
import { seedNames } from '../scripts/walk/steps.ts'
import { heapAfterCollection } from './heap.ts'
import { openRawClient } from './raw-client.ts'
import { printRow } from './report.ts'
import { createArrivals } from './seen.ts'
import { cpuMs, endpointOf, rssMb, startBenchedKcp, workspacePathOf } from './servers.ts'
import { configMap, syncerPid, walk } from './syncer.ts'

const few = 1_000
const many = Number(process.env.SYNCED_OBJECTS ?? 10_000)
const clients = 16
const quietLookMs = 5_000
const quietCpuMs = 100

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const { place } = kcp
  await using parts = new AsyncDisposableStack()
  const pcluster = await startPcluster(seedNames.target, place)
  parts.defer(() => pcluster.stop())
  const inspectorPort = await freePort()
  let syncer: Server | undefined
  parts.defer(() => syncer?.stop())
  const start = async () => {
    rmSync(join(place.cwd, 'syncer'), { recursive: true, force: true })
    const env = { ...place.env, NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort}` }
    const target = { pcluster: pcluster.kubeconfig, target: seedNames.target, say: () => {} }
    syncer = await runLocalSyncer({ ...place, env, ...target })
    return syncer
  }
  await walk(kcp, pcluster.kubeconfig, start)
  const upstream = endpointOf(kcp.server, 'kcp-admin')
  const workspacePath = workspacePathOf(kcp.server)
  const stop = new AbortController()
  parts.defer(() => stop.abort())
  const arrivals = await createArrivals({ upstream, workspacePath, downstream: endpointOf(pcluster) }, stop.signal)
  let next = 0
  const createUpTo = async (count: number) => {
    const seen: Promise<string>[] = []
    const work = async () => {
      const client = await openRawClient(upstream)
      while (next < count) {
        const name = `m${next++}`
        await client.request('POST', `${workspacePath}/api/v1/namespaces/default/configmaps`, configMap(name))
        seen.push(arrivals.downstream(name))
      }
      client.close()
    }
    await Promise.all(Array.from({ length: clients }, work))
    await Promise.all(seen)
  }
  const look = async (what: string) => {
    await delay(quietLookMs)
    const pid = syncerPid(place.cwd)
    await quiet(pid)
    const busyMb = rssMb(pid)
    const heapMb = await heapAfterCollection(inspectorPort)
    printRow({ [what]: next, 'RSS, MB': busyMb, 'heap after a collection, MB': heapMb, 'CPU s': cpuMs(pid) / 1000 })
    return heapMb
  }
  await look('objects')
  await createUpTo(few)
  const before = await look('objects')
  await createUpTo(many)
  const after = await look('objects')
  printRow({ 'kB each, heap': ((after - before) / (many - few)) * 1000 })
  await syncer?.stop()
  await start()
  await look('started over')
}

/** Until the agent has next to nothing to do, and a moment longer: what it gives back then counts. */
async function quiet(pid: number): Promise<void> {
  for (let looks = 0; looks < 2; ) {
    const before = cpuMs(pid)
    await delay(quietLookMs)
    looks = cpuMs(pid) - before < quietCpuMs ? looks + 1 : 0
  }
}
