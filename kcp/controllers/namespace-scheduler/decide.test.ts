import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectMeta } from '../../../api/objects.ts'
import { labelSelectorOf } from '../../../api/selectors/label-selector.ts'
import type { PlacementFacts } from '../placement/placement.ts'
import { decide } from './decide.ts'

const now = new Date('2026-11-21T10:00:10Z')
const label = (key: string) => `state.workload.kcp.io/${key}`
const deletion = (key: string) => `deletion.internal.workload.kcp.io/${key}`
const placed = 'scheduling.kcp.io/placement'

function placement(target: string, facts: Partial<PlacementFacts> = {}): PlacementFacts {
  const namespaceSelector = labelSelectorOf({})
  return { cluster: 'c', locationWorkspace: '', namespaceSelector, isEffective: true, target, ...facts }
}

interface Case {
  name: string
  metadata?: Partial<ObjectMeta>
  placements: PlacementFacts[]
  labels?: Record<string, string | null>
  annotations?: Record<string, string | null>
  requeueAfterMs?: number
  /** Message of NamespaceScheduled; undefined: it is True. */
  problem?: string
}

const cases: Case[] = [
  { name: 'no placement', placements: [], problem: 'No available placements' },
  {
    name: 'placed and scheduled at once',
    placements: [placement('k')],
    labels: { [label('k')]: 'Sync' },
    annotations: { [placed]: '' },
  },
  {
    name: 'placed without a target',
    placements: [placement('')],
    annotations: { [placed]: '' },
    problem: 'No available sync targets',
  },
  {
    name: 'a placement that is not effective',
    placements: [placement('k', { isEffective: false })],
    problem: 'No available placements',
  },
  {
    name: 'a placement that selects other namespaces',
    placements: [placement('k', { namespaceSelector: labelSelectorOf({ matchLabels: { a: 'b' } }) })],
    problem: 'No available placements',
  },
  {
    name: 'old and new target change in one patch',
    metadata: { labels: { [label('old')]: 'Sync' }, annotations: { [placed]: '' } },
    placements: [placement('new')],
    labels: { [label('new')]: 'Sync' },
    annotations: { [deletion('old')]: '2026-11-21T10:00:10Z' },
    requeueAfterMs: 5000,
  },
  {
    name: 'the grace period runs',
    metadata: {
      labels: { [label('old')]: 'Sync' },
      annotations: { [placed]: '', [deletion('old')]: '2026-11-21T10:00:07Z' },
    },
    placements: [placement('')],
    requeueAfterMs: 2000,
    problem: 'No available sync targets',
  },
  {
    name: 'the grace period is over',
    metadata: {
      labels: { [label('old')]: 'Sync' },
      annotations: { [placed]: '', [deletion('old')]: '2026-11-21T10:00:05Z' },
    },
    placements: [],
    labels: { [label('old')]: null },
    annotations: { [placed]: null, [deletion('old')]: null },
    problem: 'No available placements',
  },
  {
    name: 'a target that came back keeps its label when the grace period is over',
    metadata: {
      labels: { [label('k')]: 'Sync' },
      annotations: { [placed]: '', [deletion('k')]: '2026-11-21T10:00:05Z' },
    },
    placements: [placement('k')],
    annotations: { [deletion('k')]: null },
  },
  {
    name: 'a namespace that is being deleted is left alone',
    metadata: { deletionTimestamp: '2026-11-21T10:00:00Z' },
    placements: [placement('k')],
  },
]

for (const { name, metadata = {}, placements, labels, annotations, requeueAfterMs, problem } of cases) {
  test(name, () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', ...metadata } }
    const decision = decide({ namespace, placements, now })
    const changes = labels || annotations ? { labels: labels ?? {}, annotations: annotations ?? {} } : undefined
    assert.deepEqual(decision.metadata, changes)
    assert.equal(decision.requeueAfterMs, requeueAfterMs)
    if (metadata.deletionTimestamp) return assert.equal(decision.status, undefined)
    const [condition] = decision.status?.conditions ?? []
    assert.equal(condition?.type, 'NamespaceScheduled')
    assert.equal(condition?.status, problem === undefined ? 'True' : 'False')
    assert.equal(condition?.message, problem)
  })
}

test('a condition that holds is not written again', () => {
  const conditions = [
    { type: 'NamespaceScheduled', status: 'True', lastTransitionTime: '2026-11-21T09:00:00Z' } as const,
  ]
  const metadata = { name: 'n', labels: { [label('k')]: 'Sync' }, annotations: { [placed]: '' } }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata, status: { conditions: [...conditions] } }
  assert.deepEqual(decide({ namespace, placements: [placement('k')], now }), {})
})
