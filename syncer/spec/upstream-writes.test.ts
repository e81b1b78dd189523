import assert from 'node:assert/strict'
import { test } from 'node:test'
import { releasedView } from './upstream-writes.ts'

test('a release takes our marks off and leaves the rest, deletionTimestamp included', () => {
  const metadata = {
    name: 'web',
    namespace: 'test',
    resourceVersion: '5',
    deletionTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['workload.kcp.io/syncer-K', 'workload.kcp.io/syncer-L'],
    labels: { 'state.workload.kcp.io/K': 'Sync', mine: 'x' },
    annotations: {
      'kcp.io/cluster': 'root:org:ws',
      'deletion.internal.workload.kcp.io/K': '2026-01-01T00:00:00Z',
      'experimental.status.workload.kcp.io/K': '{}',
      'another.valid.annotation/this': 'value',
    },
  }
  const view = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 1 } }
  assert.deepEqual(releasedView(view, 'K'), {
    ...view,
    metadata: {
      ...metadata,
      finalizers: ['workload.kcp.io/syncer-L'],
      labels: { mine: 'x' },
      annotations: { 'kcp.io/cluster': 'root:org:ws', 'another.valid.annotation/this': 'value' },
    },
  })
})
