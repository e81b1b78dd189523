import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureServingCertificate } from '../kcp/bootstrap/certificates.ts'

/** Key and certificate as our own servers have them. */
export async function createFloorCertificate(): Promise<{ key: string; cert: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-floor-'))
  const certificate = await ensureServingCertificate({ directory, names: [], now: () => new Date() })
  rmSync(directory, { recursive: true })
  return { key: certificate.privateKey, cert: certificate.certificateChain }
}
