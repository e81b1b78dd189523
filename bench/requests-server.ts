// The server side of bench/requests.ts, as a process of its own: `kcp`'s request path on the durable store, or an echo
// on the same listener as the floor. Tells its port to the parent.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureServingCertificate } from '../kcp/bootstrap/certificates.ts'
import type { Handler } from '../kcp/http/exchange.ts'
import { startListener } from '../kcp/http/listener.ts'
import { silentLog } from '../kcp/http/log.ts'
import { openSqliteStore } from '../kcp/storage/sqlite-store.ts'
import { startTestServer } from '../test/harness/api-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'bench-requests-'))
const certificate = await ensureServingCertificate({ directory, names: [], now: () => new Date() })
const echoed = Buffer.alloc(1024, 97)
const echo: Handler = async request => {
  if (request.method !== 'GET') await request.body()
  return { status: 200, headers: { 'content-type': 'application/json' }, body: echoed }
}

await using parts = new AsyncDisposableStack()
parts.defer(() => rmSync(directory, { recursive: true, force: true }))
const handler = process.argv[2] === 'echo' ? echo : await requestPath()
const listener = parts.use(
  await startListener({
    handler,
    secure: { key: certificate.privateKey, cert: certificate.certificateChain },
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
  }),
)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() })
})
const disconnected = new Promise(resolve => process.once('disconnect', resolve))
process.send?.({ port: listener.port })
await disconnected

async function requestPath(): Promise<Handler> {
  const store = parts.use(await openSqliteStore({ directory }))
  return startTestServer({ store }).handler
}
