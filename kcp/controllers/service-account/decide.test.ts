import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideSecret, type Secret, type SecretDecision, tokenSecretName } from './decide.ts'

const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa', uid: 'u1' } }
const named = { 'kubernetes.io/service-account.name': 'sa' }
const bound = { ...named, 'kubernetes.io/service-account.uid': 'u1' }
const full = { token: 'dA==', 'ca.crt': 'Yw==', namespace: 'bg==' }

function secret(annotations: Record<string, string>, data: Record<string, string>, type?: string): Secret {
  const metadata = { name: 's', annotations }
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: type ?? 'kubernetes.io/service-account-token', data }
}

const cases: { name: string; secret: Secret; account?: typeof account; want: SecretDecision }[] = [
  { name: 'another kind of Secret is left alone', secret: secret(named, {}, 'Opaque'), account, want: 'nothing' },
  { name: 'made by hand: filled', secret: secret(named, {}), account, want: 'fill' },
  { name: 'complete: left alone', secret: secret(bound, full), account, want: 'nothing' },
  { name: 'a part was removed: filled again', secret: secret(bound, { token: 'dA==' }), account, want: 'fill' },
  { name: 'account gone: deleted', secret: secret(bound, full), want: 'delete' },
  {
    name: 'account recreated under the same name: deleted',
    secret: secret(bound, full),
    account: { ...account, metadata: { name: 'sa', uid: 'u2' } },
    want: 'delete',
  },
]
for (const each of cases) {
  test(each.name, () => assert.equal(decideSecret(each.secret, each.account), each.want))
}

test('the name of a token Secret is the same at every attempt for one account, and another for another', () => {
  assert.match(tokenSecretName('sa', 'u1', 0), /^sa-token-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  assert.equal(tokenSecretName('sa', 'u1', 0), tokenSecretName('sa', 'u1', 0))
  assert.notEqual(tokenSecretName('sa', 'u1', 0), tokenSecretName('sa', 'u2', 0))
})
