import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Remains } from '../content/delete-content.ts'
import { type Namespace, remainingConditions } from './decide.ts'

const now = new Date('2026-01-02T03:04:05Z')
const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }
const shown = (remains: readonly Remains[]) =>
  Object.fromEntries(
    remainingConditions(namespace, remains, now).map(({ type, status, message }) => [type, `${status} ${message}`]),
  )

const configMaps = { group: '', version: 'v1', resource: 'configmaps' }
const widgets = { group: 'ex.io', version: 'v1', resource: 'widgets:abc' }

test('an empty namespace has nothing that holds it', () => {
  assert.deepEqual(shown([]), {
    NamespaceDeletionDiscoveryFailure: 'False All resources successfully discovered',
    NamespaceDeletionGroupVersionParsingFailure: 'False All legacy kube types successfully parsed',
    NamespaceDeletionContentFailure: 'False All content successfully deleted, may be waiting on finalization',
    NamespaceContentRemaining: 'False All content successfully removed',
    NamespaceFinalizersRemaining: 'False All content-preserving finalizers finished',
  })
})

test('conditions keep the order in which they came', () => {
  const types = (each: Namespace) => remainingConditions(each, [], now).map(({ type }) => type)
  const [first = '', ...others] = types(namespace)
  assert.equal(first, 'NamespaceDeletionDiscoveryFailure')
  const last = others.at(-1) ?? ''
  const conditions = [last, 'Other'].map(type => ({ type, status: 'True' as const, lastTransitionTime: '' }))
  assert.deepEqual(types({ ...namespace, status: { conditions } }), [last, 'Other', first, ...others.slice(0, -1)])
})

test('what is left is counted, and the finalizers that hold it', () => {
  const conditions = shown([
    { gvr: widgets, count: 2, finalizers: new Map([['sv.io/x', 2]]), resourceVersion: '1' },
    { gvr: configMaps, count: 1, finalizers: new Map([['sv.io/x', 1]]), resourceVersion: '1' },
  ])
  assert.equal(
    conditions.NamespaceContentRemaining,
    'True Some resources are remaining: configmaps. has 1 resource instances, widgets.ex.io has 2 resource instances',
  )
  assert.equal(
    conditions.NamespaceFinalizersRemaining,
    'True Some content in the namespace has finalizers remaining: sv.io/x in 3 resource instances',
  )
})
