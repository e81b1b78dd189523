// Signs approved CertificateSigningRequests for clients of this cluster with its own authority.
import { formatKey } from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import { formatTime } from '../../../api/time.ts'
import { readCertificateRequest } from '../../../kcp/bootstrap/certificate-request.ts'
import { type Issuer, issueCertificate } from '../../../kcp/bootstrap/issue-certificate.ts'
import { type Loop, type LoopDeps, startLoop } from '../../../kcp/controllers/loop.ts'
import { type CertificateSigningRequest, decide } from './decide.ts'

const gvr = { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' }
/** Clients' clocks may be a little behind. */
const backdateMs = 5 * 60 * 1000

export function startCertificateSigningController(deps: LoopDeps, issuer: Issuer, now: () => Date): Loop {
  const { client } = deps
  const loop = startLoop(deps, { name: 'certificate-signing', reconcile })
  deps.informers.keysOf(gvr).onChange((key, after) => {
    if (after !== undefined) loop.add(formatKey(key))
  })
  return loop

  async function reconcile(name: string): Promise<void> {
    const request = await read(name)
    const decision = request ? decide(request) : undefined
    if (request === undefined || decision === undefined || decision.type === 'nothing') return
    const status = decision.type === 'fail' ? failed(request, decision.message) : signed(request, decision.seconds)
    await client.update(gvr, { ...request, status }, { subresource: 'status' })
  }

  async function read(name: string): Promise<CertificateSigningRequest | undefined> {
    try {
      return await client.get<CertificateSigningRequest>(gvr, { name })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  function signed(request: CertificateSigningRequest, seconds: number): CertificateSigningRequest['status'] {
    try {
      const pem = Buffer.from(request.spec?.request ?? '', 'base64').toString('latin1')
      const { subject, publicKey } = readCertificateRequest(pem)
      const time = now().getTime()
      const validity = { notBefore: new Date(time - backdateMs), notAfter: new Date(time + seconds * 1000) }
      const certificate = issueCertificate({ subject, purpose: 'client', ...validity }, publicKey, issuer)
      return { ...request.status, certificate: Buffer.from(certificate).toString('base64') }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return failed(request, error.message)
    }
  }

  function failed({ status }: CertificateSigningRequest, message: string): CertificateSigningRequest['status'] {
    const time = formatTime(now())
    const condition = { type: 'Failed', status: 'True' as const, reason: 'SignerValidationFailure', message }
    const times = { lastTransitionTime: time, lastUpdateTime: time }
    return { ...status, conditions: [...(status?.conditions ?? []), { ...condition, ...times }] }
  }
}
