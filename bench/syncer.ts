// How long an object takes from kcp into the physical cluster and its status back, at 20 a second and in a burst; how
// many requests that costs; what a restart in sync writes. kcp, a simulated physical cluster and the syncer are processes.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runLocalSyncer } from '../scripts/walk/own-cluster.ts'
import { runCommand, type Server } from '../scripts/walk/processes.ts'
import { startPcluster } from '../scripts/walk/servers.ts'
import { seedNames, walkSteps } from '../scripts/walk/steps.ts'
import { openRawClient } from './raw-client.ts'
import { printRow, quantile, spread } from './report.ts'
import { type Arrivals, createArrivals } from './seen.ts'
import {
  cpuMs,
  type Endpoint,
  endpointOf,
  type Kcp,
  pidOf,
  rssMb,
  startBenchedKcp,
  workspacePathOf,
} from './servers.ts'

const perSecond = 20
const steady = 100
const burst = 1_000
const burstClients = 16
const counted = 20
const quietMs = 3_000

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const { place } = kcp
  await using parts = new AsyncDisposableStack()
  const pcluster = await startPcluster(seedNames.target, place)
  parts.defer(() => pcluster.stop())
  let syncer: Server | undefined
  parts.defer(() => syncer?.stop())
  const start = async () => {
    rmSync(join(place.cwd, 'syncer'), { recursive: true, force: true })
    syncer = await runLocalSyncer({ ...place, pcluster: pcluster.kubeconfig, target: seedNames.target, say: () => {} })
    return syncer
  }
  await walk(kcp, pcluster.kubeconfig, start)
  const sides = {
    upstream: endpointOf(kcp.server, 'kcp-admin'),
    workspacePath: workspacePathOf(kcp.server),
    downstream: endpointOf(pcluster),
  }
  const stop = new AbortController()
  parts.defer(() => stop.abort())
  const watched = { ...sides, arrivals: await createArrivals(sides, stop.signal) }
  await createEvery(watched, { prefix: 'w', count: counted })
  await measureSteady(watched)
  const used = { cpu: cpuMs(syncerPid(place.cwd)), count: 0 }
  await measureBurst(watched)
  used.count = burst
  const pid = syncerPid(place.cwd)
  printRow({ 'syncer RSS, MB': rssMb(pid), 'CPU ms an object': (cpuMs(pid) - used.cpu) / used.count })
  await syncer?.stop()
  tracesRequests(join(place.cwd, `syncer-${seedNames.target}-main.yaml`))
  await countRequests(watched, await start())
}

export function syncerPid(cwd: string): number {
  return pidOf('syncer.mjs', cwd)
}

/** The walk of the README up to the application's workspace, with a syncer that runs here. */
export async function walk({ place }: Kcp, pcluster: string, startSyncer: () => Promise<Server>): Promise<void> {
  const flags = { pcluster, syncFlags: ' --replicas 0 --qps=5000 --burst=5000' }
  for (const step of walkSteps(seedNames, flags).slice(0, 7)) {
    const { code, output } = await runCommand(step.command, place)
    if (code !== 0) throw new Error(`${step.command}: ${output}`)
    if (step.command.includes(' apply ')) await startSyncer()
  }
}

interface Watched {
  readonly upstream: Endpoint
  readonly downstream: Endpoint
  /** `/clusters/<path>` */
  readonly workspacePath: string
  readonly arrivals: Arrivals
}

const payload = 'x'.repeat(1024)

export function configMap(name: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { payload } })
}

function service(name: string): string {
  const spec = { selector: { app: name }, ports: [{ port: 80 }] }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
}

/** Milliseconds from before the create to the event in the physical cluster. */
async function createEvery(watched: Watched, { prefix, count }: { prefix: string; count: number }): Promise<number[]> {
  const client = await openRawClient(watched.upstream)
  const seen: Promise<number>[] = []
  const startedMs = performance.now()
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, startedMs + (i * 1000) / perSecond - performance.now()))
    const sentMs = performance.now()
    await client.request('POST', `${watched.workspacePath}/api/v1/namespaces/default/configmaps`, configMap(prefix + i))
    seen.push(watched.arrivals.downstream(prefix + i).then(() => performance.now() - sentMs))
  }
  client.close()
  return Promise.all(seen)
}

async function measureSteady(watched: Watched): Promise<void> {
  const lagsMs = await createEvery(watched, { prefix: 's', count: steady })
  printRow({ 'ConfigMaps a second': perSecond, 'created upstream → seen downstream': '', ...spread(lagsMs) })
  printRow({
    'Services a second': perSecond,
    'status written downstream → seen upstream': '',
    ...spread(await statusLags(watched)),
  })
}

async function statusLags(watched: Watched): Promise<number[]> {
  const { workspacePath, arrivals } = watched
  const [upstream, downstream] = [await openRawClient(watched.upstream), await openRawClient(watched.downstream)]
  const lagsMs: Promise<number>[] = []
  for (let i = 0; i < steady; i++) {
    await upstream.request('POST', `${workspacePath}/api/v1/namespaces/default/services`, service(`v${i}`))
    const namespace = await arrivals.downstream(`v${i}`)
    const sentMs = performance.now()
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } }
    const path = `/api/v1/namespaces/${namespace}/services/v${i}/status`
    const answer = await downstream.request('PATCH', path, JSON.stringify({ status }))
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`)
    lagsMs.push(arrivals.statusUpstream(`v${i}`).then(() => performance.now() - sentMs))
    await delay(1000 / perSecond)
  }
  upstream.close()
  downstream.close()
  return Promise.all(lagsMs)
}

async function measureBurst({ upstream, workspacePath, arrivals }: Watched): Promise<void> {
  const startedMs = performance.now()
  const lagsMs: Promise<number>[] = []
  let next = 0
  const work = async () => {
    const client = await openRawClient(upstream)
    while (next < burst) {
      const name = `b${next++}`
      const sentMs = performance.now()
      await client.request('POST', `${workspacePath}/api/v1/namespaces/default/configmaps`, configMap(name))
      lagsMs.push(arrivals.downstream(name).then(() => performance.now() - sentMs))
    }
    client.close()
  }
  await Promise.all(Array.from({ length: burstClients }, work))
  const createdMs = performance.now() - startedMs
  const lags = await Promise.all(lagsMs)
  printRow({
    'burst of ConfigMaps': burst,
    'created upstream in ms': createdMs,
    'seen downstream a second': (burst / (performance.now() - startedMs)) * 1000,
    'lag p50 ms': quantile(lags, 0.5),
  })
}

/** The next start of the syncer tells of every request. */
function tracesRequests(manifest: string): void {
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replace(/^( *)- --dns-image=.*$/m, '$1- --v=6\n$1- --logging-format=json'))
}

interface Traced {
  readonly method?: string
  readonly path?: string
  readonly part?: string
}

async function countRequests(watched: Watched, syncer: Server): Promise<void> {
  let before = -1
  const requests = () =>
    syncer
      .log()
      .split('\n')
      .filter(line => line.startsWith('{') && line.includes('"method"'))
      .map((line): Traced => JSON.parse(line))
  for (let now = requests().length; now !== before; now = requests().length) {
    before = now
    await delay(quietMs)
  }
  const started = requests()
  const writes = started.filter(isWrite)
  printRow({
    'restart in sync: requests': started.length,
    'writes of objects downstream': writes.filter(isDownstream).length,
    'writes upstream': writes.filter(each => !isDownstream(each)).length,
  })
  await createEvery(watched, { prefix: 'c', count: counted })
  await delay(quietMs)
  const creates = requests().slice(started.length).filter(isAboutObjects)
  const perObject = creates.length / counted
  printRow({ 'requests for a ConfigMap': perObject, 'of them': summary(creates) })
}

/** Questions about access are posted, too, and write nothing. */
function isWrite({ method = '', path = '' }: Traced): boolean {
  return method !== 'GET' && !path.includes('accessreviews')
}

function isDownstream({ part = '' }: Traced): boolean {
  return part.includes('status-syncer')
}

function isAboutObjects({ path = '' }: Traced): boolean {
  return /\/configmaps\/c\d+|\/configmaps(\?|$)/.test(path) && !path.includes('watch=')
}

function summary(requests: readonly Traced[]): string {
  const counts = new Map<string, number>()
  for (const request of requests) {
    const name = `${isDownstream(request) ? 'downstream' : 'upstream'} ${request.method}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} ${count / counted}`).join(', ')
}
