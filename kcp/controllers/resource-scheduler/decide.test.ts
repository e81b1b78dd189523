import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectMeta } from '../../../api/objects.ts'
import { type Action, decide } from './decide.ts'

const now = new Date('2026-11-21T10:00:10Z')
const label = (key: string) => `state.workload.kcp.io/${key}`
const deletion = (key: string) => `deletion.internal.workload.kcp.io/${key}`
const view = (key: string) => `diff.syncer.internal.kcp.io/${key}`
const finalizer = (key: string) => `workload.kcp.io/syncer-${key}`
const time = '2026-11-21T10:00:08Z'

interface Case {
  name: string
  metadata?: Partial<ObjectMeta>
  states?: string[]
  deletions?: Record<string, string>
  alive?: string[]
  initialState?: '' | 'Sync'
  want: Action | undefined
}

const patch = (change: {
  labels?: Record<string, string | null>
  annotations?: Record<string, string | null>
  finalizers?: string[]
}): Action => ({
  type: 'patch',
  change: { labels: {}, annotations: {}, ...change },
})

const cases: Case[] = [
  { name: 'new object in a scheduled namespace', states: ['k'], want: patch({ labels: { [label('k')]: 'Sync' } }) },
  {
    name: 'volumes wait for somebody else',
    states: ['k'],
    initialState: '',
    want: patch({ labels: { [label('k')]: '' } }),
  },
  { name: 'labelled already', metadata: { labels: { [label('k')]: 'Sync' } }, states: ['k'], want: undefined },
  { name: 'a target that is being left is not taken', states: ['k'], deletions: { k: time }, want: undefined },
  {
    name: 'the namespace leaves the target',
    metadata: { labels: { [label('k')]: 'Sync' } },
    states: ['k'],
    deletions: { k: time },
    want: patch({ annotations: { [deletion('k')]: time } }),
  },
  {
    name: 'the namespace came back',
    metadata: { labels: { [label('k')]: 'Sync' }, annotations: { [deletion('k')]: time } },
    states: ['k'],
    want: patch({ annotations: { [deletion('k')]: null } }),
  },
  {
    name: 'no longer wanted, held by nobody',
    metadata: { labels: { [label('k')]: 'Sync' }, annotations: { [deletion('k')]: time } },
    want: patch({ labels: { [label('k')]: null }, annotations: { [deletion('k')]: null } }),
  },
  {
    name: 'no longer wanted, held by its syncer',
    metadata: { labels: { [label('k')]: 'Sync' }, finalizers: [finalizer('k')] },
    want: patch({ annotations: { [deletion('k')]: '2026-11-21T10:00:10Z' } }),
  },
  {
    name: 'no longer wanted, held by a soft finalizer',
    metadata: { labels: { [label('k')]: 'Sync' }, annotations: { 'finalizers.workload.kcp.io/k': 'wait' } },
    want: patch({ annotations: { [deletion('k')]: '2026-11-21T10:00:10Z' } }),
  },
  {
    name: 'deleted upstream: all targets learn it at once',
    metadata: {
      deletionTimestamp: time,
      labels: { [label('k')]: 'Sync', [label('l')]: 'Sync' },
      finalizers: [finalizer('k')],
    },
    states: ['k', 'l'],
    want: patch({ annotations: { [deletion('k')]: time, [deletion('l')]: time } }),
  },
  {
    name: 'deleted upstream while the target is left: the first request stays',
    metadata: {
      deletionTimestamp: now.toISOString(),
      labels: { [label('k')]: 'Sync' },
      annotations: { [deletion('k')]: time },
    },
    states: ['k'],
    want: undefined,
  },
  {
    name: 'a vanished target leaves no trace',
    metadata: {
      labels: { app: 'x', [label('gone')]: 'Sync' },
      annotations: { [view('gone')]: '{}', [deletion('gone')]: time },
      finalizers: ['other', finalizer('gone')],
    },
    states: ['gone'],
    want: patch({
      labels: { [label('gone')]: null },
      annotations: { [deletion('gone')]: null, [view('gone')]: null },
      finalizers: ['other'],
    }),
  },
  { name: 'born downstream: left alone', metadata: { labels: { [label('k')]: 'Upsync' } }, want: undefined },
  {
    name: 'born downstream of a vanished target',
    metadata: { labels: { [label('gone')]: 'Upsync' } },
    want: { type: 'delete' },
  },
]

for (const {
  name,
  metadata = {},
  states = [],
  deletions = {},
  alive = ['k', 'l'],
  initialState = 'Sync',
  want,
} of cases) {
  test(name, () => {
    const wanted = {
      states: new Map(states.map(key => [key, 'Sync'])),
      deletions: new Map(Object.entries(deletions)),
      initialState,
    }
    const observed = {
      metadata: { name: 'x', ...metadata },
      wanted,
      isAlive: (key: string) => alive.includes(key),
      now,
    }
    assert.deepEqual(decide(observed), want)
  })
}
