// How late 200 watchers see 100 writes a second, and what an idle watcher costs. The watchers are a process of their own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { openRawClient, openRawWatch } from './raw-client.ts'
import { printRow, spread } from './report.ts'
import { cpuMs, type Endpoint, rssMb, startBenchedKcp } from './servers.ts'

const watchers = 200
const perSecond = 100
const durationMs = 5_000
const collection = '/clusters/root/api/v1/namespaces/default/configmaps'

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  await delay(2_000)
  const before = rssMb(kcp.pid)
  const child = fork(new URL(import.meta.url), [], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  child.send(kcp.endpoint)
  await once(child, 'message')
  await delay(1_000)
  const idle = { rssMb: rssMb(kcp.pid), cpuMs: cpuMs(kcp.pid) }
  child.send('write')
  const [{ lagsMs, written }] = (await once(child, 'message')) as [Seen]
  child.disconnect()
  printRow({
    watchers,
    'writes per second': (written / durationMs) * 1000,
    'lag (from before the write)': '',
    ...spread(lagsMs),
    'seen, %': (lagsMs.length / (written * watchers)) * 100,
    'server CPU µs an event': ((cpuMs(kcp.pid) - idle.cpuMs) * 1000) / lagsMs.length,
    'kB an idle watcher': ((idle.rssMb - before) / watchers) * 1000,
  })
}

interface Seen {
  readonly lagsMs: readonly number[]
  readonly written: number
}

async function watchAndWrite(endpoint: Endpoint): Promise<void> {
  const lagsMs: number[] = []
  const { signal } = new AbortController()
  const onText = (text: string) => {
    for (const [, sentMs] of text.matchAll(/"sentMs":"([\d.]+)"/g)) lagsMs.push(performance.now() - Number(sentMs))
  }
  for (let i = 0; i < watchers; i++) await openRawWatch(endpoint, { path: `${collection}?watch=true`, signal, onText })
  process.send?.('watching')
  await once(process, 'message')
  lagsMs.length = 0
  const written = await write(endpoint)
  await delay(1_000)
  process.send?.({ lagsMs, written })
}

async function write(endpoint: Endpoint): Promise<number> {
  const client = await openRawClient(endpoint)
  const startedMs = performance.now()
  let written = 0
  while (performance.now() - startedMs < durationMs) {
    const data = { sentMs: performance.now().toFixed(3), payload: 'x'.repeat(900) }
    await client.request('POST', collection, JSON.stringify({ metadata: { name: `lag${written++}` }, data }))
    const waitMs = startedMs + (written * 1000) / perSecond - performance.now()
    if (waitMs > 0) await delay(waitMs)
  }
  client.close()
  return written
}

if (process.send && import.meta.main) {
  const [endpoint]: Endpoint[] = await once(process, 'message')
  if (endpoint) await watchAndWrite(endpoint)
}
