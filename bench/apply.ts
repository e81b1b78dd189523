// How many server-side applies a second: new 1 KiB ConfigMaps, changed ones, and ones that change nothing; 32 clients.
import { type Load, measureLoad } from './load.ts'
import { printRow } from './report.ts'
import { cpuMs, startBenchedKcp } from './servers.ts'

const collection = '/clusters/root/api/v1/namespaces/default/configmaps'
const clients = 32
const durationMs = 4_000
const warmUpMs = 2_000

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const { endpoint } = kcp
  const apply = (prefix: string, text: string): Load => ({
    endpoint,
    clients,
    durationMs,
    method: 'PATCH',
    path: `${collection}/${prefix}{i}?fieldManager=bench`,
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${prefix}{i}`, labels: { app: 'bench' } },
      data: { first: text.repeat(512), second: 'y'.repeat(512) },
    }),
  })
  const measure = async (name: string, load: Load) => {
    const before = cpuMs(kcp.pid)
    const { perSecond, p50Ms, p99Ms, count } = await measureLoad(load)
    const cpu = ((cpuMs(kcp.pid) - before) / count) * 1000
    printRow({ [name]: '', clients, 'per second': perSecond, 'p50 ms': p50Ms, 'p99 ms': p99Ms, 'server CPU µs': cpu })
    return count
  }
  await measureLoad({ ...apply('w', 'x'), durationMs: warmUpMs })
  const numbersMax = await measure('server-side apply, new', apply('a', 'x'))
  await measure('server-side apply, changes a field', { ...apply('a', 'z'), numbersMax })
  await measure('server-side apply, changes nothing', { ...apply('w', 'x'), numbersMax: 100 })
}
