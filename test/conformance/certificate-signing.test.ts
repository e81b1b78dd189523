// A user of the simulated cluster who comes with a certificate: requested, approved, signed, and then good for nothing else.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { connectClient } from '../../api-client/connect.ts'
import { certificateRequestPem, ecdsaWithSha256 } from '../harness/certificate-request.ts'
import { startTestPcluster, type TestPcluster } from '../harness/pcluster.ts'
import { until } from '../harness/until.ts'

const gvr = { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' }
const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), algorithm: ecdsaWithSha256 }
interface SigningRequest extends KubeObject {
  status?: { certificate?: string; conditions?: { type: string; message?: string }[] }
}

let cluster: TestPcluster
before(async () => {
  cluster = await startTestPcluster()
})
after(() => cluster[Symbol.asyncDispose]())

async function request(name: string, usages: string[]): Promise<void> {
  const pem = certificateRequestPem('jane', ['team'], keys)
  const spec = {
    request: Buffer.from(pem).toString('base64'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages,
  }
  const created = await cluster.client.create<KubeObject>(gvr, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec,
  })
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Test', message: '' }]
  await cluster.client.update(gvr, { ...created, status: { conditions } }, { subresource: 'approval' })
}

test('an approved request is signed, and its certificate says who comes', async () => {
  await request('jane', ['client auth'])
  const signed = await until<SigningRequest>(cluster.client, { gvr, name: 'jane' }, each => !!each?.status?.certificate)
  const cert = Buffer.from(signed?.status?.certificate ?? '', 'base64').toString()
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { config } = cluster
  await using jane = connectClient(
    { ...config, credentials: { type: 'none' }, tls: { ...config.tls, cert, key } },
    { userAgent: 'test' },
  )
  await assert.rejects(
    jane.client.get(gvr, { name: 'jane' }),
    /User "jane" cannot get resource "certificatesigningrequests"/,
  )
})

test('a request for a server fails and says why', async () => {
  await request('server', ['server auth'])
  const failed = await until<SigningRequest>(cluster.client, { gvr, name: 'server' }, each =>
    (each?.status?.conditions ?? []).some(({ type }) => type === 'Failed'),
  )
  assert.equal(failed?.status?.certificate, undefined)
})
