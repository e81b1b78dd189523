// How many 1 KiB ConfigMaps a second are created, read, changed and listed over HTTPS by 1 and 32 clients, durably, beside
// an HTTPS echo of Node with the same client.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Load, measureLoad } from './load.ts'
import { printRow } from './report.ts'
import { cpuMs, type Endpoint, startBenchedKcp } from './servers.ts'

const durationMs = 3_000
const warmUpMs = 1_500
const listed = 500
const collection = '/clusters/root/api/v1/namespaces/default/configmaps'
const bodyOf = (prefix: string, text: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${prefix}{i}` }, data: { payload: text } })
const payload = 'x'.repeat(1024)

export async function run(): Promise<void> {
  for (const clients of [1, 32]) await printLoad('HTTPS echo of 1 KiB', await echo(clients), clients)
  await using kcp = await startBenchedKcp()
  const { endpoint } = kcp
  const measure = async (name: string, load: Omit<Load, 'endpoint' | 'durationMs'>) => {
    const before = cpuMs(kcp.pid)
    const result = await measureLoad({ ...load, endpoint, durationMs })
    await printLoad(name, result, load.clients, (cpuMs(kcp.pid) - before) / result.count)
    return result
  }
  const post = (prefix: string, clients: number) => ({
    method: 'POST',
    path: collection,
    body: bodyOf(prefix, payload),
    clients,
  })
  await measureLoad({ ...post('w', 32), endpoint, durationMs: warmUpMs })
  await measure('create', post('a', 1))
  const { count } = await measure('create', post('b', 32))
  for (const clients of [1, 32]) {
    await measure('get', { method: 'GET', path: `${collection}/b{i}`, clients, numbersMax: count })
  }
  for (const clients of [1, 32]) {
    const body = bodyOf('b', `${payload}${clients}`)
    await measure('update', { method: 'PUT', path: `${collection}/b{i}`, body, clients, numbersMax: count })
  }
  const lists = await measure('list 500', { method: 'GET', path: `${collection}?limit=${listed}`, clients: 2 })
  printRow({ 'objects listed per second': lists.perSecond * listed })
}

async function echo(clients: number) {
  const child = fork(new URL('./floor-server.ts', import.meta.url), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = await once(child, 'message')
  const endpoint: Endpoint = { port, token: 'none' }
  await measureLoad({ endpoint, method: 'GET', path: '/', clients, durationMs: warmUpMs })
  const result = await measureLoad({ endpoint, method: 'GET', path: '/', clients, durationMs })
  child.disconnect()
  return result
}

async function printLoad(
  name: string,
  result: Awaited<ReturnType<typeof measureLoad>>,
  clients: number,
  cpuPerRequestMs?: number,
): Promise<void> {
  printRow({
    [name]: '',
    clients,
    'per second': result.perSecond,
    'p50 ms': result.p50Ms,
    'p99 ms': result.p99Ms,
    ...(cpuPerRequestMs === undefined ? {} : { 'server CPU µs': cpuPerRequestMs * 1000 }),
  })
}
