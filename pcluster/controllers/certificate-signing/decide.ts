// Whether an approved CertificateSigningRequest gets a certificate, and for how long. Pure.
import type { Condition, KubeObject } from '../../../api/objects.ts'

export interface CertificateSigningRequest extends KubeObject {
  spec?: { request?: string; signerName?: string; usages?: string[]; expirationSeconds?: number }
  status?: { conditions?: Condition[]; certificate?: string }
}

export type Decision =
  | { readonly type: 'nothing' }
  | { readonly type: 'sign'; readonly seconds: number }
  | { readonly type: 'fail'; readonly message: string }

const yearSeconds = 365 * 24 * 60 * 60
/** The one signer of Kubernetes whose certificates its own API server accepts for users. */
const signerName = 'kubernetes.io/kube-apiserver-client'
const allowedUsages = new Set(['digital signature', 'key encipherment', 'client auth'])

export function decide({ spec = {}, status = {} }: CertificateSigningRequest): Decision {
  const is = (type: string) => (status.conditions ?? []).some(each => each.type === type && each.status === 'True')
  const isOpen = status.certificate === undefined && !is('Failed') && !is('Denied')
  if (spec.signerName !== signerName || !isOpen || !is('Approved')) return { type: 'nothing' }
  const usages = spec.usages ?? []
  if (!usages.includes('client auth') || usages.some(usage => !allowedUsages.has(usage))) {
    return { type: 'fail', message: `invalid usages for client certificate: ${usages.join(', ')}` }
  }
  return { type: 'sign', seconds: Math.min(spec.expirationSeconds ?? yearSeconds, yearSeconds) }
}
