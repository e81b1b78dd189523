import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { unverifiedClusterOf } from '../tokens/service-account-claims.ts'
import { createTokenIssuer, kcpTokenIssuer } from '../tokens/token-issuer.ts'
import { createClientCertificateAuthenticator } from './client-certificates.ts'
import { createServiceAccountAuthenticator } from './service-account.ts'
import { createStaticTokenAuthenticator, parseTokenFile } from './static-tokens.ts'
import { createAuthenticate } from './union.ts'

const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const { privateKey: otherKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const now = (): Date => new Date('2026-01-01T00:00:00Z')
const later = (): Date => new Date('2026-01-01T02:00:00Z')
const issuerOptions = { key, issuer: kcpTokenIssuer, now, newId: () => 'id-1' }
const issuer = createTokenIssuer(issuerOptions)
const subject = { cluster: 'abc', namespace: 'ns', name: 'sa', uid: 'uid-1' }
const bound = issuer.issueBoundToken({ ...subject, expirationSeconds: 3600 })
const legacy = await issuer.issueLegacyToken(subject, 'sa-token')

interface Stored {
  uid: string
  token: string
}

function authenticator(stored: Partial<Stored> = {}, at = now) {
  return createServiceAccountAuthenticator({
    key,
    issuer: kcpTokenIssuer,
    audiences: [kcpTokenIssuer],
    now: at,
    lookups: {
      serviceAccount: async cluster => (cluster === 'abc' && stored.uid ? { uid: stored.uid } : undefined),
      secret: async () => (stored.token ? { uid: 's', token: stored.token } : undefined),
      pod: async () => undefined,
    },
  })
}

test('a bound token is its ServiceAccount of its logical cluster', async () => {
  assert.deepEqual(await authenticator({ uid: 'uid-1' })({ bearerToken: bound.token }), {
    username: 'system:serviceaccount:ns:sa',
    uid: 'uid-1',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
    extra: { 'authentication.kubernetes.io/cluster-name': ['abc'] },
  })
  assert.equal(unverifiedClusterOf(bound.token), 'abc')
  assert.equal(unverifiedClusterOf(legacy), 'abc')
  assert.equal(unverifiedClusterOf('a.b.c'), '')
})

test('a token for others is good for who asks about them', async () => {
  const { token } = issuer.issueBoundToken({ ...subject, audiences: ['a', 'vault'], expirationSeconds: 600 })
  const ask = (bearerToken: string, audiences: string[]) => authenticator({ uid: 'uid-1' })({ bearerToken, audiences })
  assert.equal((await ask(token, ['vault', 'b']))?.uid, 'uid-1')
  const cause = 'token audiences ["a" "vault"] is invalid for the target audiences ["b"]'
  await assert.rejects(ask(token, ['b']), { code: 401, cause })
  await assert.rejects(ask(legacy, ['b']), { code: 401 })
})

const refused = [
  { name: 'ServiceAccount gone', token: bound.token, stored: {}, at: now },
  { name: 'ServiceAccount of the same name, created again', token: bound.token, stored: { uid: 'uid-2' }, at: now },
  { name: 'expired', token: bound.token, stored: { uid: 'uid-1' }, at: later },
  { name: 'legacy token without its Secret', token: legacy, stored: { uid: 'uid-1' }, at: now },
  { name: 'legacy token, Secret holds another', token: legacy, stored: { uid: 'uid-1', token: 'x' }, at: now },
  {
    name: 'for another audience',
    token: issuer.issueBoundToken({ ...subject, audiences: ['vault'], expirationSeconds: 600 }).token,
    stored: { uid: 'uid-1' },
    at: now,
  },
  {
    name: 'Pod gone',
    token: issuer.issueBoundToken({ ...subject, pod: { name: 'p', uid: 'u' }, expirationSeconds: 600 }).token,
    stored: { uid: 'uid-1' },
    at: now,
  },
  {
    name: 'signed by another key',
    token: await createTokenIssuer({ ...issuerOptions, key: otherKey }).issueLegacyToken(subject, 'sa-token'),
    stored: { uid: 'uid-1' },
    at: now,
  },
]
for (const { name, token, stored, at } of refused) {
  test(`401: ${name}`, async () => {
    await assert.rejects(authenticator(stored, at)({ bearerToken: token }), { code: 401, message: 'Unauthorized' })
  })
}

test('a legacy token is valid while its Secret holds it', async () => {
  const user = await authenticator({ uid: 'uid-1', token: legacy })({ bearerToken: legacy })
  assert.equal(user?.username, 'system:serviceaccount:ns:sa')
})

test('a good certificate wins over a bad token; no credentials are anonymous; a bad token alone is a 401', async () => {
  const admin = { username: 'kcp-admin', groups: ['system:kcp:admin'] }
  const authenticate = createAuthenticate([
    createStaticTokenAuthenticator([{ token: 'secret', user: admin }]),
    authenticator(),
    createClientCertificateAuthenticator(),
  ])
  assert.deepEqual((await authenticate({ bearerToken: 'secret' })).groups, ['system:kcp:admin', 'system:authenticated'])
  const clientCertificate = { commonName: 'eve', organizations: ['o'] }
  assert.equal((await authenticate({ bearerToken: legacy, clientCertificate })).username, 'eve')
  assert.equal((await authenticate({ bearerToken: '' })).username, 'system:anonymous')
  await assert.rejects(authenticate({ bearerToken: 'wrong' }), { code: 401 })
  await assert.rejects(authenticate({ bearerToken: legacy }), { code: 401 })
})

test('a token file has quoted group lists and says which line is wrong', () => {
  assert.deepEqual(parseTokenFile('f', '# c\nt,u,1,"a, b"\nt2,u2,2\n'), [
    { token: 't', user: { username: 'u', uid: '1', groups: ['a', 'b'] } },
    { token: 't2', user: { username: 'u2', uid: '2', groups: [] } },
  ])
  assert.throws(() => parseTokenFile('f', 'only'), /--token-auth-file f, line 1/)
})
