// The server's own certificates: an authority that is kept, and a leaf that is issued again when the names it must cover
// change or its end comes near. Leaves out: certificates the user brings (--tls-cert-file).
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { generateEcKey, type Issuer, issueCertificate, privateKeyPem } from './issue-certificate.ts'
import { readFileIfPresent, writePublicFile, writeSecretFile } from './root-directory.ts'

export interface ServingCertificate {
  /** PEM: leaf and authority, as the file apiserver.crt has them. */
  readonly certificateChain: string
  readonly privateKey: string
  /** PEM of the authority alone: what clients need to trust. */
  readonly authority: string
  /** Signs with the authority's key. */
  readonly issuer: Issuer
}

export interface CertificateOptions {
  readonly directory: string
  /** Names and addresses beside localhost that clients use. */
  readonly names: readonly string[]
  readonly now: () => Date
}

const dayMs = 24 * 60 * 60 * 1000
const authorityDays = 3650
const leafDays = 365
const renewBeforeDays = 30
/** Clients' clocks may be a little behind. */
const backdateMs = 60 * 60 * 1000

export async function ensureServingCertificate(options: CertificateOptions): Promise<ServingCertificate> {
  const authority = await ensureAuthority(options)
  const chainPath = join(options.directory, 'apiserver.crt')
  const keyPath = join(options.directory, 'apiserver.key')
  const [chain, key] = await Promise.all([readFileIfPresent(chainPath), readFileIfPresent(keyPath)])
  const names = namesToCover(options.names)
  if (chain && key && isUsable(chain.toString(), key.toString(), { authority, names, now: options.now() })) {
    return {
      certificateChain: chain.toString(),
      privateKey: key.toString(),
      authority: authority.pem,
      issuer: authority,
    }
  }
  const leafKey = await generateEcKey()
  const subject = { commonName: `kcp@${Math.floor(options.now().getTime() / 1000)}` }
  const leaf = issueCertificate(
    { subject, purpose: 'server', names, ...validity(options.now(), leafDays) },
    leafKey,
    authority,
  )
  const issued = {
    certificateChain: leaf + authority.pem,
    privateKey: privateKeyPem(leafKey),
    authority: authority.pem,
    issuer: authority,
  }
  await writeSecretFile(keyPath, issued.privateKey)
  await writePublicFile(chainPath, issued.certificateChain)
  return issued
}

/** All addresses of this machine's interfaces that a certificate can name. */
export function interfaceAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  return all.filter(entry => entry.scopeid === undefined || entry.scopeid === 0).map(entry => entry.address)
}

function namesToCover(names: readonly string[]): string[] {
  const unspecified = new Set(['', '0.0.0.0', '::'])
  const wanted = ['localhost', '127.0.0.1', '::1', ...names].filter(name => !unspecified.has(name))
  return [...new Set(wanted)].sort()
}

interface Authority extends Issuer {
  readonly pem: string
}

async function ensureAuthority({ directory, now }: CertificateOptions): Promise<Authority> {
  const certificatePath = join(directory, 'ca.crt')
  const keyPath = join(directory, 'ca.key')
  const [kept, keptKey] = await Promise.all([readFileIfPresent(certificatePath), readFileIfPresent(keyPath)])
  if (kept && keptKey) {
    const certificate = new X509Certificate(kept)
    const privateKey = createPrivateKey(keptKey)
    const matches = certificate.checkPrivateKey(privateKey)
    if (!matches)
      throw new Error(`${keyPath} is not the key of ${certificatePath}: restore the pair or remove both files`)
    if (certificate.validToDate.getTime() > now().getTime()) {
      return { pem: kept.toString(), subject: { commonName: commonNameOf(certificate) }, privateKey }
    }
  }
  const privateKey = await generateEcKey()
  const subject = { commonName: `kcp-ca@${Math.floor(now().getTime() / 1000)}` }
  const request = { subject, purpose: 'authority' as const, ...validity(now(), authorityDays) }
  const pem = issueCertificate(request, privateKey, { subject, privateKey })
  await writeSecretFile(keyPath, privateKeyPem(privateKey))
  await writePublicFile(certificatePath, pem)
  return { pem, subject, privateKey }
}

function isUsable(
  chain: string,
  key: string,
  wanted: { authority: Authority; names: readonly string[]; now: Date },
): boolean {
  try {
    const leaf = new X509Certificate(chain)
    const renewAt = leaf.validToDate.getTime() - renewBeforeDays * dayMs
    return (
      chain.endsWith(wanted.authority.pem) &&
      leaf.checkPrivateKey(createPrivateKey(key)) &&
      leaf.verify(new X509Certificate(wanted.authority.pem).publicKey) &&
      renewAt > wanted.now.getTime() &&
      wanted.names.every(name => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined)
    )
  } catch {
    // A file that is no certificate or key: issue a new pair.
    return false
  }
}

function commonNameOf(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? ''
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - backdateMs), notAfter: new Date(now.getTime() + days * dayMs) }
}
