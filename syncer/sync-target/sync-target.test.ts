import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationMessage } from './authorization.ts'
import { importableNames, requiredResources, type SyncedResource, type SyncTarget } from './sync-target.ts'
import { checkSyncTarget } from './wait-for-sync-target.ts'

const withResources = (...syncedResources: SyncedResource[]): SyncTarget => ({
  apiVersion: 'workload.kcp.io/v1alpha1',
  kind: 'SyncTarget',
  metadata: { name: 'kind', uid: 'u', annotations: { 'kcp.io/cluster': 'c' } },
  status: { syncedResources, virtualWorkspaces: [{ syncerURL: 'https://s/', upsyncerURL: 'https://u' }] },
})

test('accepted resources are synced, besides configmaps and secrets; pods are not copied down', () => {
  const syncTarget = withResources(
    { group: 'apps', resource: 'deployments', versions: ['v1', 'v1beta1'], state: 'Accepted' },
    { resource: 'services', versions: ['v1'], state: 'Pending' },
    { resource: 'pods', versions: ['v1'], state: 'Accepted' },
    { resource: 'secrets', versions: ['v1'], state: 'Accepted' },
  )
  assert.deepEqual(
    requiredResources(syncTarget).map(r => `${r.resource}.${r.group} ${r.versions.join(',')}`),
    ['configmaps. v1', 'secrets. v1', 'deployments.apps v1,v1beta1'],
  )
  assert.deepEqual(importableNames(syncTarget), ['deployments.apps', 'services', 'pods', 'secrets'])
})

test('the SyncTarget of another uid is refused in one sentence', () => {
  assert.equal(
    checkSyncTarget(withResources(), 'other'),
    'unexpected SyncTarget UID u, expected other, refusing to sync',
  )
})

test('the SyncTarget says where to sync with, or is waited for', () => {
  const found = checkSyncTarget(withResources(), 'u')
  assert.ok(typeof found === 'object')
  assert.deepEqual([found.cluster, found.syncerUrl], ['c', 'https://s'])
  assert.match(String(checkSyncTarget({ ...withResources(), status: {} }, 'u')), /no virtual workspace URL/)
})

test('missing permissions are named with the command that grants them', () => {
  const missing = [
    { gvr: { group: '', version: 'v1', resource: 'services' }, verbs: ['patch'] },
    { gvr: { group: 'apps', version: 'v1', resource: 'deployments' }, verbs: ['create', 'delete'] },
  ]
  assert.equal(
    authorizationMessage(missing, 'kind'),
    'missing permissions in the physical cluster: deployments.apps (create, delete); services (patch). ' +
      'Run "kubectl kcp workload sync kind --syncer-image <image> -o <file>" again and apply the file there',
  )
})
