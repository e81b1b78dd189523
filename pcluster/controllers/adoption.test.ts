import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject, ObjectMeta } from '../../api/objects.ts'
import { adoptersOf, orphansFor } from './adoption.ts'

const owner = (metadata: Partial<ObjectMeta> = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'a', uid: 'u', ...metadata },
  spec: { selector: { matchLabels: { app: 'web' } } },
})
const pod = (metadata: Partial<ObjectMeta>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'a', labels: { app: 'web' }, ...metadata },
})
const reference = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'n' }

for (const [what, metadata, isTaken] of [
  ['nobody controls', {}, true],
  ['somebody owns but does not control', { ownerReferences: [reference] }, true],
  ['somebody controls', { ownerReferences: [{ ...reference, controller: true }] }, false],
  ['has other labels', { labels: { app: 'db' } }, false],
  ['is in another namespace', { namespace: 'b' }, false],
  ['is being deleted', { deletionTimestamp: '2026-01-01T00:00:00Z' }, false],
] as const) {
  test(`an object that ${what} is ${isTaken ? 'taken over' : 'left alone'}`, () => {
    const candidate = pod(metadata as Partial<ObjectMeta>)
    assert.deepEqual(orphansFor(owner(), [candidate]), isTaken ? [candidate] : [])
    assert.deepEqual(adoptersOf(candidate, [owner()]), isTaken ? ['a/web'] : [])
  })
}

test('an owner that is being deleted takes nothing over', () =>
  assert.deepEqual(orphansFor(owner({ deletionTimestamp: '2026-01-01T00:00:00Z' }), [pod({})]), []))
