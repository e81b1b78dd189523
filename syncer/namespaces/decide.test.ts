import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decideCleaning,
  decideNamespace,
  type LocatorAnnotation,
  type NamespaceRecord,
  type ObservedCleaning,
  ownLocator,
  readLocator,
} from './decide.ts'

const syncTarget = { cluster: 'root:org:ws', name: 'us-west1', uid: 'syncTargetUID' }
const locator = { syncTarget, cluster: 'root:org:ws', namespace: 'test' }
const computed = 'kcp-33jbiactwhg0'
const located = (of: object): LocatorAnnotation => readLocator(JSON.stringify({ ...locator, ...of }))
const namespace = (of: Partial<NamespaceRecord>): NamespaceRecord => ({
  name: computed,
  uid: 'u',
  resourceVersion: '1',
  located: located({}),
  isLabelled: true,
  isTerminating: false,
  ...of,
})

const decisions: { name: string; matching?: NamespaceRecord[]; named?: NamespaceRecord; want: RegExp }[] = [
  { name: 'none yet: create the computed name', want: /^create kcp-33jbiactwhg0$/ },
  { name: 'one matches: use it', matching: [namespace({})], named: namespace({}), want: /^use kcp-33jbiactwhg0$/ },
  { name: 'an older name keeps being used', matching: [namespace({ name: 'kcp-old' })], want: /^use kcp-old$/ },
  {
    name: 'a locator of v0.6.0, without the tenant: add it',
    matching: [
      namespace({
        located: located({ syncTarget: { path: 'root:org:ws', name: 'us-west1', uid: 'syncTargetUID' } }),
        isLabelled: false,
      }),
    ],
    want: /^label kcp-33jbiactwhg0 9Fn3Q4y5UDPmCOrYCujwdgCbD9SwOcKdcefYE7$/,
  },
  { name: 'on its way out: wait', matching: [namespace({ isTerminating: true })], want: /^wait .*is being deleted$/ },
  {
    name: 'two match',
    matching: [namespace({ name: 'b' }), namespace({ name: 'a' })],
    want: /^collision \(namespace collision\) found multiple downstream namespaces: a,b for upstream namespace root:org:ws\|test$/,
  },
  {
    name: 'the name is taken by another namespace',
    named: namespace({ located: located({ namespace: 'ANOTHERNAMESPACE' }) }),
    want: /^collision \(namespace collision\) namespace kcp-33jbiactwhg0 already exists, but has a different namespace locator/,
  },
  {
    name: 'the name is taken by a stranger',
    named: namespace({ located: { type: 'none' } }),
    want: /^collision \(namespace collision\) namespace kcp-33jbiactwhg0 has no namespace locator$/,
  },
  {
    name: 'the name is taken by who knows whom',
    named: namespace({ located: readLocator('garbage') }),
    want: /^collision \(possible namespace collision\) .*invalid character/,
  },
]
for (const { name, matching = [], named, want } of decisions) {
  test(`namespace: ${name}`, () => {
    const decision = decideNamespace({ locator, matching, named })
    const { type, ...rest } = decision
    const { uid: _, ...shown } = rest as Record<string, string>
    assert.match([type, ...Object.values(shown)].join(' '), want)
  })
}

test('a locator is ours when uid and workspace of the SyncTarget are', () => {
  assert.deepEqual(ownLocator(namespace({}), syncTarget), locator)
  assert.equal(ownLocator(namespace({}), { ...syncTarget, uid: '1234' }), undefined)
  assert.equal(ownLocator(namespace({}), { ...syncTarget, cluster: 'other' }), undefined)
  assert.equal(ownLocator(namespace({ located: { type: 'none' } }), syncTarget), undefined)
  assert.equal(ownLocator(undefined, syncTarget), undefined)
})

const empty: ObservedCleaning = {
  isOurs: true,
  isTerminating: false,
  isUpstreamNamespaceThere: false,
  syncedObjects: 0,
}
const cleanings: { name: string; observed: Partial<ObservedCleaning>; want: string }[] = [
  { name: 'upstream gone and empty: delete', observed: {}, want: 'delete' },
  { name: 'not ours: leave', observed: { isOurs: false }, want: 'leave' },
  { name: 'upstream is there: leave', observed: { isUpstreamNamespaceThere: true }, want: 'leave' },
  { name: 'upstream is not known: ask again', observed: { isUpstreamNamespaceThere: undefined }, want: 'ask-again' },
  { name: 'objects left: ask again', observed: { syncedObjects: 1 }, want: 'ask-again' },
  { name: 'objects are not known: ask again', observed: { syncedObjects: undefined }, want: 'ask-again' },
  { name: 'on its way out: leave', observed: { isTerminating: true }, want: 'leave' },
]
for (const { name, observed, want } of cleanings) {
  test(`cleaning: ${name}`, () => assert.equal(decideCleaning({ ...empty, ...observed }), want))
}
