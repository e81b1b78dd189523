import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Action, decide, type Observed } from './decide.ts'
import type { LogicalCluster, Workspace } from './workspace.ts'

const now = new Date('2026-01-02T03:04:05Z')
const shard = { hash: '1pfxsevk', externalUrl: 'https://kcp' }
const time = '2026-01-02T03:04:05Z'

function workspace(spec: Workspace['spec'], status?: Workspace['status'], metadata = {}): Workspace {
  const base = { name: 'a', uid: 'u1', annotations: {}, labels: {} }
  const identity = { apiVersion: 'tenancy.kcp.io/v1alpha1', kind: 'Workspace' }
  return { ...identity, metadata: { ...base, ...metadata }, spec, ...(status ? { status } : {}) }
}

function cluster(status: LogicalCluster['status'], uid = 'u1', metadata = {}): LogicalCluster {
  const owner = { apiVersion: 'tenancy.kcp.io/v1alpha1', resource: 'workspaces', name: 'a', cluster: 'root', uid }
  const identity = { apiVersion: 'core.kcp.io/v1alpha1', kind: 'LogicalCluster' }
  return { ...identity, metadata: { name: 'cluster', ...metadata }, spec: { owner }, ...(status ? { status } : {}) }
}

const scheduled = { cluster: 'c1', URL: 'https://kcp/clusters/c1' }
const labelled = { labels: { 'tenancy.kcp.io/phase': 'Initializing' } }
const deleting = { deletionTimestamp: time, labels: { 'tenancy.kcp.io/phase': 'Deleting' } }
const ours = 'core.kcp.io/logicalcluster'

const cases: { name: string; observed: Partial<Observed> & Pick<Observed, 'workspace'>; want: Action | undefined }[] = [
  {
    name: 'new: name, finalizer and URL in one write',
    observed: { workspace: workspace({}) },
    want: {
      type: 'patch',
      body: {
        metadata: {
          labels: { 'tenancy.kcp.io/phase': 'Initializing' },
          annotations: { 'internal.tenancy.kcp.io/cluster': 'new', 'internal.tenancy.kcp.io/shard': '1pfxsevk' },
          finalizers: [ours],
        },
        spec: { cluster: 'new', URL: 'https://kcp/clusters/new' },
      },
    },
  },
  {
    name: 'no shard fits: says so, after the label',
    observed: {
      workspace: workspace({}, undefined, { labels: { 'tenancy.kcp.io/phase': 'Scheduling' } }),
      shard: undefined,
    },
    want: {
      type: 'write-status',
      status: {
        conditions: [
          {
            type: 'WorkspaceScheduled',
            status: 'False',
            severity: 'Error',
            reason: 'Unschedulable',
            message: 'No available shards to schedule the workspace',
            lastTransitionTime: time,
          },
        ],
      },
    },
  },
  {
    name: 'named: its logical cluster is created',
    observed: { workspace: workspace(scheduled, { phase: 'Scheduling' }, labelled) },
    want: { type: 'create-logical-cluster', cluster: 'c1' },
  },
  {
    name: 'logical cluster of another owner: never taken over',
    observed: {
      workspace: workspace(scheduled, { phase: 'Scheduling' }, labelled),
      logicalCluster: cluster({ phase: 'Ready' }, 'other'),
    },
    want: { type: 'create-logical-cluster', cluster: 'c1' },
  },
  {
    name: 'initializers are mirrored',
    observed: {
      workspace: workspace(scheduled, { phase: 'Scheduling' }, labelled),
      logicalCluster: cluster({ phase: 'Initializing', initializers: ['root:universal'] }),
    },
    want: {
      type: 'write-status',
      status: {
        phase: 'Initializing',
        conditions: [{ type: 'WorkspaceScheduled', status: 'True', lastTransitionTime: time }],
        initializers: ['root:universal'],
      },
    },
  },
  {
    name: 'logical cluster Ready: label, reduced owner and phase together',
    observed: {
      workspace: workspace(
        scheduled,
        { phase: 'Initializing', initializers: ['x'] },
        {
          ...labelled,
          annotations: { 'experimental.tenancy.kcp.io/owner': '{"username":"u","groups":["g"]}' },
        },
      ),
      logicalCluster: cluster({ phase: 'Ready' }),
    },
    want: {
      type: 'write-status',
      metadata: {
        labels: { 'tenancy.kcp.io/phase': 'Ready' },
        annotations: { 'experimental.tenancy.kcp.io/owner': '{"username":"u"}' },
      },
      status: {
        phase: 'Ready',
        conditions: [
          { type: 'WorkspaceInitialized', status: 'True', lastTransitionTime: time },
          { type: 'WorkspaceScheduled', status: 'True', lastTransitionTime: time },
        ],
        initializers: null,
      },
    },
  },
  {
    name: 'deleted: the logical cluster goes first',
    observed: {
      workspace: workspace(scheduled, { phase: 'Ready' }, { ...deleting, finalizers: [ours] }),
      logicalCluster: cluster({ phase: 'Ready' }),
    },
    want: { type: 'delete-logical-cluster', logicalCluster: cluster({ phase: 'Ready' }) },
  },
  {
    name: 'deleted, somebody else holds it: wait',
    observed: {
      workspace: workspace(scheduled, { phase: 'Ready' }, { ...deleting, finalizers: [ours, 'ex.io/hold'] }),
      logicalCluster: cluster({ phase: 'Ready' }),
    },
    want: undefined,
  },
  {
    name: 'deleted and logical cluster gone: let it go',
    observed: { workspace: workspace(scheduled, { phase: 'Ready' }, { ...deleting, finalizers: [ours] }) },
    want: { type: 'patch', body: { metadata: { finalizers: [] } } },
  },
]
for (const { name, observed, want } of cases) {
  test(name, () => {
    const all: Observed = { logicalCluster: undefined, shard, newCluster: 'new', now, ...observed }
    assert.deepEqual(decide(all), want)
  })
}
