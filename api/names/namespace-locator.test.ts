import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash36 } from './hash.ts'
import {
  downstreamNamespaceName,
  equalNamespaceLocators,
  formatNamespaceLocator,
  type NamespaceLocator,
  parseNamespaceLocator,
  tenantId,
} from './namespace-locator.ts'

function locator(syncTarget: [cluster: string, name: string, uid: string], cluster: string, namespace: string) {
  const [stCluster, name, uid] = syncTarget
  return { syncTarget: { cluster: stCluster, name, uid }, cluster, namespace } satisfies NamespaceLocator
}
const west: [string, string, string] = ['root:org:ws', 'us-west1', 'syncTargetUID']
const kind: [string, string, string] = ['2hc1m9l2w0m4h2dl', 'kind', '7a8c5b0e-6c1f-4a6e-9a35-2f0f8d9f5f10']
const alpha: [string, string, string] = ['mst4wpau235dru14', 'alpha', 'f820f81e-1770-4a76-88c3-742e1e70b867']

const namespaces: [NamespaceLocator, want: string][] = [
  [locator(west, 'root:org:ws', 'test'), 'kcp-33jbiactwhg0'],
  [locator(['cluster1', 'synctarget1', ''], 'cluster1', 'default'), 'kcp-xwdjipyflk7g'],
  [locator(['cluster2', 'synctarget1', ''], 'cluster1', 'default'), 'kcp-1kdcree89tsy'],
  [locator(kind, '3pq8l0xk2v7c1zzt', 'default'), 'kcp-y72ic84xmml6'],
  [locator(kind, '3pq8l0xk2v7c1zzt', 'test-syncer'), 'kcp-201gqv41eeq4'],
  [locator(kind, '3pq8l0xk2v7c1zzt', 'ns-691'), 'kcp-04bhzmwxnlc7'],
  [locator(alpha, '2thlj7tmfatdin9v', 'default'), 'kcp-17jfdtve0igm'],
  [locator(['c', 'a', 'u'], 'w', 'x&y<z>'), 'kcp-1r7aik8bskfi'],
]
for (const [input, want] of namespaces) {
  test(`namespace of ${formatNamespaceLocator(input)}`, () => assert.equal(downstreamNamespaceName(input), want))
}

test('the text has a fixed order and Go escapes', () => {
  assert.equal(
    formatNamespaceLocator(locator(west, 'root:org:ws', 'test')),
    '{"syncTarget":{"cluster":"root:org:ws","name":"us-west1","uid":"syncTargetUID"},"cluster":"root:org:ws","namespace":"test"}',
  )
  assert.equal(
    formatNamespaceLocator(locator(['', 'a', ''], '', 'x&y<z>\u2028\b\\b')),
    '{"syncTarget":{"name":"a","uid":""},"namespace":"x\\u0026y\\u003cz\\u003e\\u2028\\u0008\\\\b"}',
  )
})

test('the v0.8 text hashes to the v0.8 name', () => {
  const text =
    '{"syncTarget":{"workspace":"root:org:ws","name":"us-west1","uid":"syncTargetUID"},"workspace":"root:org:ws","namespace":"test"}'
  assert.equal(hash36(text, 12), 'hcbsa8z6c2er')
})

test('tenant ids do not depend on the namespace', () => {
  assert.equal(tenantId(locator(west, 'root:org:ws', 'test')), '9Fn3Q4y5UDPmCOrYCujwdgCbD9SwOcKdcefYE7')
  assert.equal(tenantId(locator(kind, '3pq8l0xk2v7c1zzt', 'x')), '9L2M7dhiQ2ZifJXXzJqtqvbbpA4z2jWbewwJll')
  assert.equal(tenantId(locator(alpha, '2thlj7tmfatdin9v', 'y')), '52SoaCYZiU5YpnGJXcqtbNkv4bJCmQuQhqa0Q6')
  const target: [string, string, string] = ['targetclustername', 'targetname', 'targetuid']
  assert.equal(tenantId(locator(target, 'root', 'z')), '22mkOGPoFG7ADeo1LlkwKqiQbBr9CSfYPpI408')
})

test('reading takes the v0.6 path, ignores unknown members and refuses garbage', () => {
  const want = locator(['test-workspace', 'test-name', 'test-uid'], 'test-workspace', 'test-namespace')
  const rest =
    '"name":"test-name","uid":"test-uid","x":1},"cluster":"test-workspace","namespace":"test-namespace","y":2}'
  assert.deepEqual(parseNamespaceLocator(`{"syncTarget":{"cluster":"test-workspace",${rest}`), want)
  assert.deepEqual(parseNamespaceLocator(`{ "syncTarget":{"path":"test-workspace",${rest}`), want)
  assert.throws(() => parseNamespaceLocator('garbage'), /invalid character/)
  assert.throws(() => parseNamespaceLocator('[]'), /not an object/)
  assert.throws(() => parseNamespaceLocator('{"syncTarget":{"name":1}}'), /not a string/)
  assert.ok(equalNamespaceLocators(want, parseNamespaceLocator(formatNamespaceLocator(want))))
})
