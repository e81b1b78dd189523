// What a TLS connection tells about the caller: its address and the client certificate, if that was verified.
import type { TLSSocket } from 'node:tls'
import type { ApiRequest } from './exchange.ts'

export type Peer = Pick<ApiRequest, 'remoteAddress' | 'clientCertificate'>

export function peerOf(socket: TLSSocket): Peer {
  const remoteAddress = socket.remoteAddress ?? ''
  const clientCertificate = clientCertificateOf(socket)
  return clientCertificate ? { remoteAddress, clientCertificate } : { remoteAddress }
}

function clientCertificateOf(socket: TLSSocket): ApiRequest['clientCertificate'] {
  if (!socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  if (!subject) return undefined
  const [commonName = ''] = listOf(subject.CN)
  return { commonName, organizations: listOf(subject.O) }
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
