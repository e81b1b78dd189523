import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ApiExportStatus, decide, type Identity } from './decide.ts'

const now = new Date('2026-01-02T03:04:05Z')
const urls = ['https://kcp/services/apiexport/c/e']

function decided(identity: Identity | undefined, status?: ApiExportStatus) {
  const identityOfObject = { apiVersion: 'apis.kcp.io/v1alpha1', kind: 'APIExport', metadata: { name: 'e' } }
  const apiExport = { ...identityOfObject, spec: {}, ...(status ? { status } : {}) }
  return decide({ apiExport, identity, virtualWorkspaceUrls: urls, now })
}

test('no secret named: an identity is made', () => assert.deepEqual(decided(undefined), { type: 'create-identity' }))

test('hash and URL are published, then left alone', () => {
  const decision = decided({ hash: 'abc' })
  assert.equal(decision.type, 'write-status')
  const status = decision.type === 'write-status' ? decision.status : {}
  assert.equal(status.identityHash, 'abc')
  assert.deepEqual(
    status.conditions?.map(({ type, status }) => `${type}=${status}`),
    ['IdentityValid=True', 'VirtualWorkspaceURLsReady=True'],
  )
  assert.deepEqual(decided({ hash: 'abc' }, status), { type: 'nothing' })
})

test('another key in the secret: the published hash stays and the condition says so', () => {
  const decision = decided({ hash: 'new' }, { identityHash: 'old' })
  const status = decision.type === 'write-status' ? decision.status : {}
  assert.equal(status.identityHash, 'old')
  const text = 'hash mismatch: identity secret hash "new" must match status.identityHash "old"'
  assert.equal(status.conditions?.[0]?.message, text)
})
