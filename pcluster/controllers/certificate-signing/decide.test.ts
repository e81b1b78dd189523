import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CertificateSigningRequest, decide } from './decide.ts'

const lastTransitionTime = '2026-01-02T03:04:05Z'
const condition = (type: string) => ({ type, status: 'True' as const, lastTransitionTime })
const request = (
  spec: CertificateSigningRequest['spec'] = {},
  status: CertificateSigningRequest['status'] = { conditions: [condition('Approved')] },
): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'r' },
  spec: { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'], ...spec },
  status,
})
const nothing = { type: 'nothing' }

for (const { name, given, want } of [
  { name: 'approved', given: request({ expirationSeconds: 600 }), want: { type: 'sign', seconds: 600 } },
  { name: 'of ten years', given: request({ expirationSeconds: 1e9 }), want: { type: 'sign', seconds: 31_536_000 } },
  { name: 'new', given: request({}, {}), want: nothing },
  { name: 'denied', given: request({}, { conditions: [condition('Approved'), condition('Denied')] }), want: nothing },
  { name: 'failed', given: request({}, { conditions: [condition('Approved'), condition('Failed')] }), want: nothing },
  { name: 'signed', given: request({}, { conditions: [condition('Approved')], certificate: 'x' }), want: nothing },
  { name: 'for another signer', given: request({ signerName: 'a.b/c' }), want: nothing },
  {
    name: 'for a server',
    given: request({ usages: ['server auth'] }),
    want: { type: 'fail', message: 'invalid usages for client certificate: server auth' },
  },
]) {
  test(`a request that is ${name}: ${want.type}`, () => assert.deepEqual(decide(given), want))
}
