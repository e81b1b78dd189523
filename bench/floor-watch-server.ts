// What Node itself can do: keeps streams open and sends each body it is given to all of them. Run as a child process.
import { ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createFloorCertificate } from './floor-certificate.ts'

const streamsMax = 2_000
const sessionMegabytesMax = 256
const open = new Set<NodeJS.WritableStream>()
const server = createSecureServer(
  {
    ...(await createFloorCertificate()),
    allowHTTP1: true,
    settings: { maxConcurrentStreams: streamsMax },
    maxSessionMemory: sessionMegabytesMax,
  },
  (request, response) => {
    // HTTP/2 only watches here, and is served below; the writer is a client of HTTP/1.1.
    if (!(response instanceof ServerResponse)) return
    if (request.url?.includes('watch=true')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      open.add(response)
      response.once('close', () => open.delete(response))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const event = Buffer.concat(chunks)
      response.end()
      for (const stream of open) stream.write(event)
    })
  },
)
server.on('stream', stream => {
  stream.on('error', () => undefined)
  stream.once('close', () => open.delete(stream))
  stream.respond({ ':status': 200, 'content-type': 'application/json' })
  open.add(stream)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit(0))
