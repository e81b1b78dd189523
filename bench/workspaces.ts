// How long a workspace takes from create to Ready, alone, and how many become Ready a second with 8 clients.
import { openRawClient, openRawWatch } from './raw-client.ts'
import { printRow, spread } from './report.ts'
import { cpuMs, type Endpoint, startBenchedKcp } from './servers.ts'

const alone = 20
const together = 200
const clients = 8
export const workspacesPath = '/clusters/root/apis/tenancy.kcp.io/v1alpha1/workspaces'

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const stop = new AbortController()
  const whenReady = await watchReady(kcp.endpoint, stop.signal)
  const single = await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'a', count: alone, clients: 1 })
  printRow({ 'one after the other': alone, ...spread(single) })
  const before = cpuMs(kcp.pid)
  const startedMs = performance.now()
  const latencies = await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'b', count: together, clients })
  printRow({
    [`with ${clients} clients`]: together,
    'per second': (together / (performance.now() - startedMs)) * 1000,
    ...spread(latencies),
    'CPU ms each': (cpuMs(kcp.pid) - before) / together,
  })
  stop.abort()
}

export type WhenReady = (name: string) => Promise<void>

/** Resolves for a name when its workspace was seen Ready. */
export async function watchReady(endpoint: Endpoint, signal: AbortSignal): Promise<WhenReady> {
  const waiting = new Map<string, () => void>()
  const ready = new Set<string>()
  let rest = ''
  await openRawWatch(endpoint, {
    path: `${workspacesPath}?watch=true`,
    signal,
    onText(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.includes('"phase":"Ready"')) continue
        const name = /"name":"([ab]\d+)"/.exec(line)?.[1] ?? ''
        ready.add(name)
        waiting.get(name)?.()
      }
    },
  })
  return name => (ready.has(name) ? Promise.resolve() : new Promise(resolve => waiting.set(name, resolve)))
}

/** Milliseconds from create to Ready of each. */
export async function createWorkspaces(
  endpoint: Endpoint,
  whenReady: WhenReady,
  wanted: { prefix: 'a' | 'b'; count: number; clients: number },
): Promise<number[]> {
  const latenciesMs: number[] = []
  let next = 0
  const work = async () => {
    const client = await openRawClient(endpoint)
    while (next < wanted.count) {
      const name = `${wanted.prefix}${next++}`
      const body = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace', metadata: { name } }
      const sentMs = performance.now()
      const answer = await client.request('POST', workspacesPath, JSON.stringify(body))
      if (answer.status !== 201) throw new Error(`create workspace: ${answer.status} ${answer.body}`)
      await whenReady(name)
      latenciesMs.push(performance.now() - sentMs)
    }
    client.close()
  }
  await Promise.all(Array.from({ length: wanted.clients }, work))
  return latenciesMs
}
