// How long `kcp start` takes to /readyz over a store with 10,000 workspaces, and the memory it then has.
import { printRow } from './report.ts'
import { rssMb, startBenchedKcp } from './servers.ts'
import { measureStart } from './start.ts'
import { createWorkspaces, watchReady } from './workspaces.ts'

const count = 10_000
const clients = 16

export async function run(): Promise<void> {
  await using kcp = await startBenchedKcp()
  const stop = new AbortController()
  const whenReady = await watchReady(kcp.endpoint, stop.signal)
  const startedMs = performance.now()
  await createWorkspaces(kcp.endpoint, whenReady, { prefix: 'a', count, clients })
  const seconds = (performance.now() - startedMs) / 1000
  stop.abort()
  printRow({ [`${count} workspaces created`]: '', 'per second': count / seconds, 'RSS with them, MB': rssMb(kcp.pid) })
  await kcp.server.stop()
  const readyMs = await measureStart(kcp.place.cwd, true, kcp.server.port)
  printRow({ [`start with ${count} workspaces → /readyz, ms`]: readyMs })
}
