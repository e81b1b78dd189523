import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decide.ts'
import type { SyncTarget } from './sync-target.ts'

const syncTarget: SyncTarget = {
  apiVersion: 'workload.kcp.io/v1alpha1',
  kind: 'SyncTarget',
  metadata: { name: 'kind', uid: 'u', annotations: { 'kcp.io/cluster': 'root' } },
}

test('key label and URLs of every shard', () => {
  const decision = decide(syncTarget, ['https://b:1', 'https://a:1'])
  assert.deepEqual(decision.metadata?.labels, {
    'internal.workload.kcp.io/key': 'a3dgOKx7UtNwbBNg9r039im0O1wH7M0rDvxkK9',
  })
  assert.deepEqual(decision.status?.virtualWorkspaces, [
    { syncerURL: 'https://a:1/services/syncer/root/kind/u', upsyncerURL: 'https://a:1/services/upsyncer/root/kind/u' },
    { syncerURL: 'https://b:1/services/syncer/root/kind/u', upsyncerURL: 'https://b:1/services/upsyncer/root/kind/u' },
  ])
  const written = {
    ...syncTarget,
    metadata: { ...syncTarget.metadata, ...decision.metadata },
    status: { ...decision.status },
  }
  assert.deepEqual(decide(written, ['https://a:1', 'https://b:1']), {})
})
