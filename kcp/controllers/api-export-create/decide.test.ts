import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectMeta } from '../../../api/objects.ts'
import { decide } from './decide.ts'

const apiExport = (metadata: Partial<ObjectMeta> = {}) => ({
  apiVersion: 'apis.kcp.io/v1alpha1',
  kind: 'APIExport',
  metadata: { name: 'kubernetes', ...metadata },
})
const skip = { annotations: { 'workload.kcp.io/skip-default-object-creation': 'true' } }

const cases = [
  { name: 'no SyncTarget, nothing', hasSyncTarget: false, apiExport: undefined, want: [] },
  {
    name: 'the first SyncTarget',
    hasSyncTarget: true,
    apiExport: undefined,
    want: ['create-export', 'create-location', 'create-binding', 'mark-export'],
  },
  {
    name: 'an export that is not marked yet',
    hasSyncTarget: true,
    apiExport: apiExport(),
    want: ['create-location', 'create-binding', 'mark-export'],
  },
  { name: 'what a user deleted later is not made again', hasSyncTarget: true, apiExport: apiExport(skip), want: [] },
  {
    name: 'an export that is being deleted',
    hasSyncTarget: true,
    apiExport: apiExport({ deletionTimestamp: '2026-11-21T10:00:00Z' }),
    want: [],
  },
]

for (const { name, hasSyncTarget, apiExport, want } of cases) {
  test(name, () => {
    const actions = decide({ hasSyncTarget, apiExport }).map(({ type }) => type)
    assert.deepEqual(actions, want)
  })
}
