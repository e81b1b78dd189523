// What Node itself can do: reads a body, answers 1 KiB over TLS. Run as a child process; tells its port.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createFloorCertificate } from './floor-certificate.ts'

const echoed = Buffer.alloc(1024, 97)
const server = createServer({ ...(await createFloorCertificate()), keepAliveTimeout: 60_000 }, (request, response) => {
  request.on('data', () => undefined)
  request.once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': echoed.length })
    response.end(echoed)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit(0))
