import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initializerLabel } from '../../../api/names/derived-names.ts'
import type { LogicalCluster } from '../workspace/workspace.ts'
import { type Action, decide } from './decide.ts'

const now = new Date('2026-01-02T03:04:05Z')
const time = '2026-01-02T03:04:05Z'
const url = 'https://kcp/clusters/c1'
const label = initializerLabel('root:universal')

function cluster(status: LogicalCluster['status'], labels: Record<string, string>): LogicalCluster {
  const identity = { apiVersion: 'core.kcp.io/v1alpha1', kind: 'LogicalCluster' }
  return { ...identity, metadata: { name: 'cluster', labels }, spec: {}, ...(status ? { status } : {}) }
}
const ready = { type: 'WorkspaceInitialized', status: 'True', lastTransitionTime: time } as const
const pending = {
  type: 'WorkspaceInitialized',
  status: 'False',
  severity: 'Info',
  reason: 'InitializerExists',
  message: 'Initializers still exist: [root:universal]',
  lastTransitionTime: time,
} as const

const cases: { name: string; logicalCluster: LogicalCluster; want: Action | undefined }[] = [
  {
    name: 'initializers left: says which',
    logicalCluster: cluster({ phase: 'Initializing', URL: url, initializers: ['root:universal'] }, {}),
    want: {
      type: 'write-status',
      status: { phase: 'Initializing', URL: url, initializers: ['root:universal'], conditions: [pending] },
    },
  },
  {
    name: 'the last initializer has gone: Ready',
    logicalCluster: cluster({ phase: 'Initializing', URL: url, conditions: [pending] }, {}),
    want: { type: 'write-status', status: { phase: 'Ready', URL: url, conditions: [ready], initializers: null } },
  },
  {
    name: 'labels follow phase and initializers',
    logicalCluster: cluster(
      { phase: 'Ready', URL: url, conditions: [ready] },
      { 'tenancy.kcp.io/phase': 'Initializing', [label.key]: label.value, mine: 'kept' },
    ),
    want: { type: 'patch-labels', labels: { 'tenancy.kcp.io/phase': 'Ready', [label.key]: null } },
  },
  {
    name: 'nothing to do',
    logicalCluster: cluster({ phase: 'Ready', URL: url, conditions: [ready] }, { 'tenancy.kcp.io/phase': 'Ready' }),
    want: undefined,
  },
]
for (const { name, logicalCluster, want } of cases) {
  test(name, () => assert.deepEqual(decide({ logicalCluster, url, now }), want))
}
