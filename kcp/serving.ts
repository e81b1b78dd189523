// What the listener serves with: the certificate the user brought, or one issued under the kept authority.
import { readFile } from 'node:fs/promises'
import { ensureServingCertificate, interfaceAddresses } from './bootstrap/certificates.ts'
import type { SecureMaterial } from './http/listener.ts'
import type { KcpOptions } from './options.ts'
import { externalHost } from './server-address.ts'

export interface Serving {
  /** Name or address clients use. */
  readonly host: string
  readonly material: SecureMaterial
  /** PEM that clients trust, as it goes into kubeconfigs and ServiceAccount secrets. */
  readonly certificateAuthority: string
}

export async function prepareServing(options: KcpOptions, now: () => Date): Promise<Serving> {
  const addresses = interfaceAddresses()
  const host = externalHost(options, addresses)
  const clientCa =
    options.clientCaFile === '' ? {} : { clientCa: await readText('client-ca-file', options.clientCaFile) }
  if (options.tlsCertFile !== '') {
    const [cert, key] = await Promise.all([
      readText('tls-cert-file', options.tlsCertFile),
      readText('tls-private-key-file', options.tlsPrivateKeyFile),
    ])
    return { host, material: { cert, key, ...clientCa }, certificateAuthority: cert }
  }
  const names = [host, options.bindAddress, ...addresses]
  const issued = await ensureServingCertificate({ directory: options.rootDirectory, names, now })
  const material = { cert: issued.certificateChain, key: issued.privateKey, ...clientCa }
  return { host, material, certificateAuthority: issued.authority }
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Error(`--${flag} ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
