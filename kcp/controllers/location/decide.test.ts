import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SyncTargetFacts } from '../sync-target/sync-target.ts'
import { decide } from './decide.ts'
import type { Location } from './location.ts'

function syncTarget(facts: Partial<SyncTargetFacts>): SyncTargetFacts {
  const { name = 'a' } = facts
  return {
    name,
    cluster: 'c',
    uid: name,
    key: name,
    labels: {},
    isReady: true,
    unschedulable: false,
    evictAfter: '',
    supportedExports: [],
    accepted: [],
    ...facts,
  }
}

const location = (members: Partial<Location> = {}, labels?: Record<string, string>): Location => ({
  apiVersion: 'scheduling.kcp.io/v1alpha1',
  kind: 'Location',
  metadata: { name: 'l', ...(labels ? { labels } : {}) },
  spec: { resource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' }, instanceSelector: {} },
  ...members,
})

test('available instances are ready and not cordoned', () => {
  const syncTargets = [syncTarget({}), syncTarget({ isReady: false }), syncTarget({ unschedulable: true })]
  assert.deepEqual(decide(location(), syncTargets), { status: { instances: 3, availableInstances: 1 } })
})

test('only what the selector selects counts', () => {
  const resource = location().spec.resource
  const eu = location({ spec: { resource, instanceSelector: { matchLabels: { region: 'eu' } } } })
  const syncTargets = [syncTarget({ labels: { region: 'eu' } }), syncTarget({})]
  assert.deepEqual(decide(eu, syncTargets).status, { instances: 1, availableInstances: 1 })
})

test('labels become one sorted text', () => {
  const { metadata } = decide(location({}, { b: '2', a: '1' }), [])
  assert.deepEqual(metadata, { annotations: { 'scheduling.kcp.io/labels': 'a=1 b=2' } })
})

test('nothing is written twice', () => {
  assert.deepEqual(decide(location({ status: { instances: 1, availableInstances: 1 } }), [syncTarget({})]), {})
})
