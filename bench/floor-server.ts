// What Node itself can do: reads a body, answers 1 KiB over TLS. Run as a child process; tells its port.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureServingCertificate } from '../kcp/bootstrap/certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'bench-floor-'))
const certificate = await ensureServingCertificate({ directory, names: [], now: () => new Date() })
rmSync(directory, { recursive: true })
const echoed = Buffer.alloc(1024, 97)
const server = createServer(
  { key: certificate.privateKey, cert: certificate.certificateChain, keepAliveTimeout: 60_000 },
  (request, response) => {
    request.on('data', () => undefined)
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': echoed.length })
      response.end(echoed)
    })
  },
)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit(0))
