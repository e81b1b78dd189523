// Requests per second through TLS, HTTP/2, filters, registry and the durable store, beside an echo on the same listener;
// and how long an event takes to reach many watchers.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { setTimeout as delay } from 'node:timers/promises'

const path = '/clusters/root/api/v1/namespaces/default/configmaps'
const payload = 'x'.repeat(1024)
const sessionsPerServer = 8

interface Server extends AsyncDisposable {
  readonly sessions: readonly ClientHttp2Session[]
  usage(): Promise<{ cpuMs: number; rssBytes: number }>
}

async function startServer(mode: 'echo' | 'kcp'): Promise<Server> {
  const child = fork(new URL('./requests-server.ts', import.meta.url), [mode], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = await once(child, 'message')
  const sessions = Array.from({ length: sessionsPerServer }, () =>
    connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }),
  )
  return {
    sessions,
    async usage() {
      child.send('usage')
      const [usage] = await once(child, 'message')
      return usage
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body?: string
}

function send(session: ClientHttp2Session, { method, path: target, body }: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { ':method': method, ':path': target, 'content-type': 'application/json', 'user-agent': 'bench/1' }
    const stream = session.request(headers, { endStream: body === undefined })
    let status = 0
    stream.on('response', answer => {
      status = Number(answer[':status'])
    })
    stream.on('data', () => {})
    stream.on('end', () => resolve(status))
    stream.on('error', reject)
    if (body !== undefined) stream.end(body)
  })
}

interface Measurement {
  readonly name: string
  readonly clients: number
  readonly count: number
  call(index: number): Call
}

async function measure(server: Server, { name, clients, count, call }: Measurement): Promise<void> {
  const before = await server.usage()
  const latencies: number[] = []
  const startedMs = performance.now()
  let next = 0
  const client = async (number: number) => {
    const session = server.sessions[number % server.sessions.length]
    while (session && next < count) {
      const sentMs = performance.now()
      const status = await send(session, call(next++))
      if (status >= 400) throw new Error(`${name}: ${status}`)
      latencies.push(performance.now() - sentMs)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  const seconds = (performance.now() - startedMs) / 1000
  const { cpuMs } = await server.usage()
  latencies.sort((a, b) => a - b)
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0
  const perSecond = Math.round(count / seconds).toLocaleString('en')
  const cpuUs = Math.round(((cpuMs - before.cpuMs) * 1000) / count)
  console.log(`  ${name} · clients ${clients} · ${perSecond} per s · p99 ${p99.toFixed(1)} ms · server CPU ${cpuUs} µs`)
}

const objectOf = (name: string, data: string) => JSON.stringify({ metadata: { name }, data: { payload: data } })

export async function run(): Promise<void> {
  console.log('requests')
  {
    await using server = await startServer('echo')
    const get = (name: string, count: number): Measurement => ({
      name,
      clients: 32,
      count,
      call: () => ({ method: 'GET', path: '/' }),
    })
    await measure(server, get('echo, warm-up', 5_000))
    await measure(server, get('echo', 20_000))
  }
  await using server = await startServer('kcp')
  const create = (prefix: string) => (index: number) => ({
    method: 'POST',
    path,
    body: objectOf(`${prefix}${index}`, payload),
  })
  await measure(server, { name: 'create, warm-up', clients: 32, count: 3_000, call: create('w') })
  await measure(server, { name: 'create', clients: 1, count: 1_000, call: create('a') })
  await measure(server, { name: 'create', clients: 32, count: 10_000, call: create('b') })
  const get = (index: number) => ({ method: 'GET', path: `${path}/b${index % 10_000}` })
  await measure(server, { name: 'get', clients: 1, count: 3_000, call: get })
  await measure(server, { name: 'get', clients: 32, count: 30_000, call: get })
  const update = (index: number) => ({
    method: 'PUT',
    path: `${path}/b${index}`,
    body: objectOf(`b${index}`, `${payload}2`),
  })
  await measure(server, { name: 'update', clients: 32, count: 10_000, call: update })
  const list = () => ({ method: 'GET', path: `${path}?limit=500` })
  await measure(server, { name: 'list 500', clients: 4, count: 300, call: list })
  await measure(server, {
    name: 'delete',
    clients: 32,
    count: 10_000,
    call: index => ({ method: 'DELETE', path: `${path}/b${index}` }),
  })
  for (const watchers of [200, 1_000]) await measureWatchers(server, watchers)
}

const writes = 300
const writeEveryMs = 10
/** Only these watchers look at the time in an event: the client shares the machine. */
const lookingWatchersMax = 50

/** 100 writes per second, each seen by every watcher. */
async function measureWatchers(server: Server, watchers: number): Promise<void> {
  const before = await server.usage()
  const lagsMs: number[] = []
  const look = (text: string) => {
    for (const match of text.matchAll(/"sentMs":"([\d.]+)"/g)) lagsMs.push(performance.now() - Number(match[1]))
  }
  const resourceVersion = await currentVersion(server)
  const streams = await Promise.all(
    Array.from({ length: watchers }, (_, number) => openWatch(server, { number, resourceVersion, look })),
  )
  const idle = await server.usage()
  for (let index = 0; index < writes; index++) {
    const body = JSON.stringify({
      metadata: { name: `l${watchers}-${index}` },
      data: { sentMs: String(performance.now()) },
    })
    const session = server.sessions[index % server.sessions.length]
    if (session) await send(session, { method: 'POST', path, body })
    await delay(writeEveryMs)
  }
  await delay(500)
  const { cpuMs } = await server.usage()
  for (const stream of streams) stream.close()
  lagsMs.sort((a, b) => a - b)
  const at = (share: number) => (lagsMs[Math.floor(lagsMs.length * share)] ?? 0).toFixed(1)
  const kilobytes = Math.round((idle.rssBytes - before.rssBytes) / watchers / 1000)
  const cpuUs = ((cpuMs - idle.cpuMs) * 1000) / (watchers * writes)
  console.log(
    `  ${watchers} watchers · lag p50 ${at(0.5)}, p99 ${at(0.99)} ms · server CPU ${cpuUs.toFixed(1)} µs an event · ${kilobytes} kB each`,
  )
}

async function currentVersion({ sessions }: Server): Promise<string> {
  const stream = sessions[0]?.request({ ':path': `${path}?limit=1` })
  let text = ''
  if (stream) for await (const chunk of stream) text += chunk
  return JSON.parse(text).metadata.resourceVersion
}

interface WatchOptions {
  readonly number: number
  readonly resourceVersion: string
  look(text: string): void
}

async function openWatch(server: Server, { number, resourceVersion, look }: WatchOptions): Promise<ClientHttp2Stream> {
  const session = server.sessions[number % server.sessions.length]
  if (!session) throw new Error('no session')
  const stream = session.request({ ':path': `${path}?watch=true&resourceVersion=${resourceVersion}` })
  stream.on('error', () => {})
  stream.on('data', number < lookingWatchersMax ? (chunk: Buffer) => look(chunk.toString('latin1')) : () => {})
  await once(stream, 'response')
  return stream
}

if (import.meta.main) await run()
