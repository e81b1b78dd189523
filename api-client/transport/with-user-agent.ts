// Names the program, its version and the part of it that asks: `syncer/v0.1.0 (linux/amd64) kubernetes/$Format/kcp#syncing`.
import type { Transport } from './transport.ts'
import { withHeaders } from './with-headers.ts'

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

export function userAgentOf(program: string, version: string, part?: string): string {
  const platform = `${process.platform}/${architectures[process.arch] ?? process.arch}`
  const agent = `${program}/${version} (${platform}) kubernetes/$Format`
  return part ? `${agent}/${part}` : agent
}

export function withUserAgent(next: Transport, userAgent: string): Transport {
  return withHeaders(next, { 'user-agent': userAgent })
}
