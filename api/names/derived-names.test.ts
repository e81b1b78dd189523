import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  claimLabelKey,
  claimLabelValue,
  computeBindingName,
  defaultBindingName,
  homeBucketPath,
  homeClusterName,
  initializerLabel,
  ownExportClaimLabelValue,
  placementName,
  randomClusterName,
  shardHash,
} from './derived-names.ts'

const names: [what: string, actual: string, want: string][] = [
  ['home of kcp-admin', homeClusterName('kcp-admin'), 'kvdk2spgmbix'],
  ['home of user', homeClusterName('user'), 'b7mkgpsbnrbl'],
  ['home of user-1', homeClusterName('user-1'), '285xjbwx8vocb'],
  ['v0.8 home of kcp-admin', homeBucketPath('kcp-admin'), 'root:users:zu:yc:kcp-admin'],
  ['shard root', shardHash('root'), '1pfxsevk'],
  ['binding of bind compute', computeBindingName('root:compute', 'kubernetes'), 'kubernetes-1pre20xf'],
  ['placement of bind compute', placementName('', [''], 'root'), 'placement-1pfxsevk'],
  [
    'default binding in root',
    defaultBindingName({ cluster: 'root', path: 'root', exportName: 'tenancy.kcp.io' }),
    'tenancy.kcp.io-by23s',
  ],
  [
    'claim label key',
    claimLabelKey('root', 'tenancy.kcp.io'),
    'claimed.internal.apis.kcp.io/bmCdly9xXiUpEHe3ypvDwvXMTfoVZUE92mqAQf',
  ],
  [
    'claim of configmaps',
    claimLabelValue({ group: '', resource: 'configmaps', all: true, resourceSelector: [], identityHash: '' }),
    'b4Kg2cKyX1dvWWHXUOcqu8F80KpNo21FI5jWLW',
  ],
  [
    'claim of apibindings',
    claimLabelValue({ resource: 'apibindings', group: 'apis.kcp.io', all: true }),
    '5tYjO6FVaCsUSvFyLOyWwDXhZ0KR0966Wg0etZ',
  ],
  ['own claim', ownExportClaimLabelValue, 'LstvmbbzVDDOn90ZbhzSQO5U3DMCf88h1pZ'],
]
for (const [what, actual, want] of names) test(`${what} is ${want}`, () => assert.equal(actual, want))

test('random logical clusters are sixteen signs', () => {
  assert.match(randomClusterName(new Uint8Array(32).fill(7)), /^[a-z0-9]{16}$/)
})

test('the label of an initializer is a full key and the full hash', () => {
  const { key, value } = initializerLabel('root:universal')
  assert.match(value, /^[0-9a-f]{56}$/)
  assert.equal(key, `initializer.internal.kcp.io/${value.slice(0, 35)}`)
  assert.equal(key.length, 63)
})
