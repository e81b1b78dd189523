// How late watchers see 100 writes a second, and what an idle one costs, beside a server of Node's that sends the same to
// as many streams. The client is one process: watchers on few HTTP/2 connections, as a Go program has them, or each on its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { openWatches } from './h2-watches.ts'
import { openRawClient, openRawWatch } from './raw-client.ts'
import { printRow, spread } from './report.ts'
import { cpuMs, type Endpoint, rssMb, startBenchedKcp } from './servers.ts'

const collection = '/clusters/root/api/v1/namespaces/default/configmaps'
const durationMs = 5_000
/** Before it is counted: code that runs for the first time is slow, ours and the client's. */
const warmUpMs = 1_000
const perSecond = 100
const settleMs = 1_500

interface Watchers {
  readonly count: number
  /** 0: each watcher has its own, with HTTP/1.1. */
  readonly connections: number
}

const cases: readonly Watchers[] = [
  { count: 1_000, connections: 4 },
  { count: 200, connections: 1 },
  { count: 200, connections: 0 },
]

export async function run(): Promise<void> {
  for (const watchers of cases) {
    await measureFloor(watchers)
    await using kcp = await startBenchedKcp()
    // Memory of the first watchers would else be that of code that runs for the first time.
    const first = await startClient(kcp.endpoint, { count: 50, connections: watchers.connections && 1 })
    await first.write(durationMs)
    first.close()
    await delay(settleMs)
    await measure('watch', { pid: kcp.pid, endpoint: kcp.endpoint, watchers })
  }
}

async function measureFloor(watchers: Watchers): Promise<void> {
  const child = fork(new URL('./floor-watch-server.ts', import.meta.url), [], { execArgv })
  const [{ port }] = await once(child, 'message')
  await measure('floor', { pid: child.pid ?? 0, endpoint: { port, token: 'none' }, watchers })
  child.disconnect()
}

interface Measured {
  readonly pid: number
  readonly endpoint: Endpoint
  readonly watchers: Watchers
}

async function measure(name: string, { pid, endpoint, watchers }: Measured): Promise<void> {
  const before = rssMb(pid)
  const client = await startClient(endpoint, watchers)
  await delay(settleMs)
  const idleRssMb = rssMb(pid)
  await client.write(warmUpMs)
  const idleCpuMs = cpuMs(pid)
  const seen = await client.write(durationMs)
  client.close()
  const { count, connections } = watchers
  const events = seen.written * count
  printRow({
    [`${name}: ${count} watchers, ${connections === 0 ? 'a connection each' : `HTTP/2 connections: ${connections}`}`]:
      '',
    'writes per second': (seen.written / durationMs) * 1000,
    'lag from before the write': '',
    ...seen.lag,
    'its answer p50 ms': seen.answer['p50 ms'],
    'its answer p99 ms': seen.answer['p99 ms'],
    'seen, %': (seen.events / events) * 100,
    'server CPU µs an event': ((cpuMs(pid) - idleCpuMs) * 1000) / events,
    'client CPU µs an event': seen.clientCpuMicros / events,
    'kB an idle watcher': ((idleRssMb - before) / count) * 1000,
  })
}

interface Seen {
  readonly written: number
  readonly events: number
  readonly lag: ReturnType<typeof spread>
  readonly answer: ReturnType<typeof spread>
  readonly clientCpuMicros: number
}

const execArgv = ['--disable-warning=ExperimentalWarning']

interface Client {
  write(forMs: number): Promise<Seen>
  close(): void
}

async function startClient(endpoint: Endpoint, watchers: Watchers): Promise<Client> {
  const child = fork(new URL(import.meta.url), [], { execArgv })
  child.send({ endpoint, watchers })
  await once(child, 'message')
  return {
    async write(forMs) {
      child.send(forMs)
      const [seen] = (await once(child, 'message')) as [Seen]
      return seen
    },
    close: () => child.disconnect(),
  }
}

async function watchAndWrite(endpoint: Endpoint, watchers: Watchers): Promise<void> {
  const lagsMs: number[] = []
  await openAll(endpoint, watchers, piece => {
    for (let at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, at + mark.length)) {
      const end = piece.indexOf('"', at + mark.length)
      // A number that lies in two pieces is not counted.
      if (end > 0) lagsMs.push(performance.now() - Number(piece.toString('latin1', at + mark.length, end)))
    }
  })
  process.send?.('watching')
  for (let round = 0; ; round++) {
    const [forMs] = (await once(process, 'message')) as [number]
    lagsMs.length = 0
    const before = process.cpuUsage()
    const answersMs = await write(endpoint, { forMs, round })
    await delay(1_000)
    const { user, system } = process.cpuUsage(before)
    const seen: Seen = {
      written: answersMs.length,
      events: lagsMs.length,
      lag: spread(lagsMs),
      answer: spread(answersMs),
      clientCpuMicros: user + system,
    }
    process.send?.(seen)
  }
}

const mark = Buffer.from('"sentMs":"')

async function openAll(
  endpoint: Endpoint,
  { count, connections }: Watchers,
  onData: (piece: Buffer) => void,
): Promise<void> {
  const now = await openRawClient(endpoint)
  const { body } = await now.request('GET', `${collection}?limit=1`)
  now.close()
  const version = /"resourceVersion":"(\d+)"/.exec(body.toString())?.[1] ?? ''
  const path = `${collection}?watch=true&allowWatchBookmarks=true&resourceVersion=${version}`
  if (connections === 0) {
    const { signal } = new AbortController()
    const onText = (text: string) => onData(Buffer.from(text, 'latin1'))
    for (let i = 0; i < count; i++) await openRawWatch(endpoint, { path, signal, onText })
    return
  }
  const streams = count / connections
  const all = Array.from({ length: connections }, () => openWatches(endpoint, { path, streams, onData }))
  for (const watches of await Promise.all(all)) await watches.begun
}

/** Milliseconds from each write to its answer. */
async function write(
  endpoint: Endpoint,
  { forMs, round }: { readonly forMs: number; readonly round: number },
): Promise<number[]> {
  const client = await openRawClient(endpoint)
  const answersMs: number[] = []
  const startedMs = performance.now()
  while (performance.now() - startedMs < forMs) {
    const sentMs = performance.now()
    const data = { sentMs: sentMs.toFixed(3), payload: 'x'.repeat(900) }
    const metadata = { name: `lag-${process.pid}-${round}-${answersMs.length}` }
    await client.request('POST', collection, JSON.stringify({ metadata, data }))
    answersMs.push(performance.now() - sentMs)
    const waitMs = startedMs + (answersMs.length * 1000) / perSecond - performance.now()
    if (waitMs > 0) await delay(waitMs)
  }
  client.close()
  return answersMs
}

if (process.send && import.meta.main) {
  const [{ endpoint, watchers }] = (await once(process, 'message')) as [{ endpoint: Endpoint; watchers: Watchers }]
  process.once('disconnect', () => process.exit(0))
  await watchAndWrite(endpoint, watchers)
}
