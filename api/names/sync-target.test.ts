import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsId, syncerId, syncTargetKey } from './sync-target.ts'

const keys: [cluster: string, name: string, want: string][] = [
  ['root:org:ws', 'us-west1', '6ohB8yeXhwqTQVuBzJRgqcRJTpRjX7yTZu5g5g'],
  ['demo:root:yourworkspace', 'test-cluster', 'aPXkBdRsTD8gXESO47r9qXmkr2kaG5qaox5C8r'],
  ['', 'test-cluster', '34sZi3721YwBLDHUuNVIOLxuYp5nEZBpsTQyDq'],
  ['', 'c1', 'aQtdeEWVcqU7h7AKnYMm3KRQ96U4oU2W04yeOa'],
  ['', 'c2', 'aPkhvUbGK0xoZIjMnM2pA0AuV1g7i4tBwxu5m4'],
  ['root:default:testing', 'syncTargetName', 'R2DPbwTUto2c2O2rBBEW57W11oOL5ALodAyMo'],
  ['2hc1m9l2w0m4h2dl', 'kind', '4ouXLG5qbcLZZTJjFOzv38T3R6jOOTPDkhwDIO'],
  ['root:my-org', 'mycluster', '9H5w690akc9lE0Qt48Um9fGn4vnIPHV7z42c2W'],
  ['2hc1m9l2w0m4h2dl', 'st-120', '2SF2BljBvAxbwrarSEy7DstXhrFRhkCxaTg17'],
  ['mst4wpau235dru14', 'alpha', '5p56dE9THM6dx6MqIHoHIsh3ZHXRQq2gYoETk0'],
  // The v0.8 key has no separator.
  ['', 'root:org:wsus-west1', '2gzO8uuQmIoZ2FE95zoOPKtrtGGXzzjAvtl6q5'],
]
for (const [cluster, name, want] of keys) {
  test(`key of ${cluster}|${name}`, () => assert.equal(syncTargetKey(cluster, name), want))
}

test('ids of a syncer and its DNS', () => {
  assert.equal(syncerId({ name: 'sync-target-name', uid: 'sync-target-uid' }), 'kcp-syncer-sync-target-name-x8lcns0m')
  const kind = { name: 'kind', uid: '7a8c5b0e-6c1f-4a6e-9a35-2f0f8d9f5f10' }
  assert.equal(syncerId(kind), 'kcp-syncer-kind-1sv76l8e')
  assert.equal(dnsId('3pq8l0xk2v7c1zzt', kind), 'kcp-dns-kind-1sv76l8e-2392ngya')
  const alpha = { name: 'alpha', uid: 'f820f81e-1770-4a76-88c3-742e1e70b867' }
  assert.equal(syncerId(alpha), 'kcp-syncer-alpha-369ccz4n')
  assert.equal(dnsId('2thlj7tmfatdin9v', alpha), 'kcp-dns-alpha-369ccz4n-1mqoz18g')
  assert.equal(dnsId('root:org:ws', { name: 'us-west1', uid: 'syncTargetUID' }), 'kcp-dns-us-west1-1nuzj7pw-2fcy2vpi')
  assert.equal(dnsId('root', { name: 'targetname', uid: 'targetuid' }), 'kcp-dns-targetname-wyyybeuv-1pfxsevk')
})
