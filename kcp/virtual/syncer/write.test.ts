import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject, ObjectMeta } from '../../../api/objects.ts'
import { planSoleOwner, planWrite } from './write.ts'

const key = 'syncTargetKey'
const state = (target = key) => `state.workload.kcp.io/${target}`
const record = (target = key) => `diff.syncer.internal.kcp.io/${target}`
const deletion = `deletion.internal.workload.kcp.io/${key}`
const finalizer = (target = key) => `workload.kcp.io/syncer-${target}`
const rules = 'experimental.summarizing.workload.kcp.io'
const time = '2026-11-21T10:00:00Z'
const promoted = '{"status":"##promoted##"}'

function object(metadata: Partial<ObjectMeta>, members: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'group/v1',
    kind: 'Resource',
    metadata: { name: 'aThing', resourceVersion: '7', ...metadata },
    ...members,
  }
}

interface Case {
  name: string
  stored: KubeObject
  view: KubeObject
  subresource?: '' | 'status'
  want: { subresource: '' | 'status'; object: KubeObject }[]
}

const held = { finalizers: [finalizer()] }
const cases: Case[] = [
  {
    name: 'taking an object changes nothing but the finalizer and its record',
    stored: object({ labels: { [state()]: 'Sync' }, finalizers: ['z'] }, { spec: { a: 1 } }),
    view: object({ ...held, labels: { evil: 'x' } }, { spec: { a: 2 } }),
    want: [
      {
        subresource: '',
        object: object(
          { labels: { [state()]: 'Sync' }, finalizers: [finalizer(), 'z'], annotations: { [record()]: '{}' } },
          { spec: { a: 1 } },
        ),
      },
    ],
  },
  {
    name: 'V3 status is recorded, other fields keep their record',
    stored: object({
      labels: { [state()]: 'Sync' },
      annotations: {
        [rules]: '[{"fieldPath":"status"},{"fieldPath":"spec.field"}]',
        [record()]: '{"spec.field":"alreadyupdated"}',
      },
    }),
    view: object(held, { status: { statusField: 'updated' } }),
    subresource: 'status',
    want: [
      {
        subresource: 'status',
        object: object({
          labels: { [state()]: 'Sync' },
          annotations: {
            [rules]: '[{"fieldPath":"status"},{"fieldPath":"spec.field"}]',
            [record()]: '{"spec.field":"alreadyupdated","status":{"statusField":"updated"}}',
          },
          finalizers: [finalizer()],
        }),
      },
    ],
  },
  {
    name: 'V5 one target: its status becomes that of the object',
    stored: object({ labels: { [state()]: 'Sync' }, ...held }, { status: { old: true } }),
    view: object(held, { status: { statusField: 'updated' } }),
    subresource: 'status',
    want: [
      {
        subresource: 'status',
        object: object(
          { labels: { [state()]: 'Sync' }, ...held, annotations: { [record()]: promoted } },
          { status: { statusField: 'updated' } },
        ),
      },
    ],
  },
  {
    name: 'V6 a second target joins: the first one gets a record of its own',
    stored: object(
      { labels: { [state()]: 'Sync', [state('two')]: 'Sync' }, ...held, annotations: { [record()]: promoted } },
      { status: { shared: 1 } },
    ),
    view: object(held, { status: { mine: 2 } }),
    subresource: 'status',
    want: [
      {
        subresource: 'status',
        object: object(
          {
            labels: { [state()]: 'Sync', [state('two')]: 'Sync' },
            ...held,
            annotations: { [record()]: '{"status":{"mine":2}}' },
          },
          { status: { shared: 1 } },
        ),
      },
    ],
  },
  {
    name: 'the second target itself joins: the record of the first one holds what was promoted',
    stored: object(
      {
        labels: { [state()]: 'Sync', [state('one')]: 'Sync' },
        finalizers: [finalizer('one')],
        annotations: { [record('one')]: promoted },
      },
      { status: { shared: 1 } },
    ),
    view: object(held),
    want: [
      {
        subresource: '',
        object: object(
          {
            labels: { [state()]: 'Sync', [state('one')]: 'Sync' },
            finalizers: [finalizer('one'), finalizer()],
            annotations: { [record('one')]: '{"status":{"shared":1}}', [record()]: '{}' },
          },
          { status: { shared: 1 } },
        ),
      },
    ],
  },
  {
    name: 'V9 a release takes label, finalizer, request and record away',
    stored: object(
      {
        labels: { [state()]: 'Sync', app: 'x' },
        finalizers: [finalizer(), 'other'],
        annotations: { [record()]: promoted, [deletion]: time, note: 'y' },
      },
      { spec: { a: 1 } },
    ),
    view: object({ deletionTimestamp: time, finalizers: [] }, { spec: { a: 2 } }),
    want: [
      {
        subresource: '',
        object: object({ labels: { app: 'x' }, finalizers: ['other'], annotations: { note: 'y' } }, { spec: { a: 1 } }),
      },
    ],
  },
]

for (const { name, stored, view, subresource = '', want } of cases) {
  test(name, () => {
    const before = structuredClone(stored)
    assert.deepEqual(
      planWrite({ stored, view, key, subresource, resource: { group: 'group', resource: 'resources' } }),
      want,
    )
    assert.deepEqual(stored, before)
  })
}

test('V10 the one target that is left speaks for the object: first its status, then the release', () => {
  const stored = object(
    {
      labels: { [state()]: 'Sync', [state('two')]: 'Sync' },
      finalizers: [finalizer(), finalizer('two')],
      annotations: { [record()]: '{"status":{"mine":1}}', [record('two')]: '{"status":{"theirs":2}}' },
    },
    { status: { shared: 0 } },
  )
  const view = object({ deletionTimestamp: time })
  const writes = planWrite({ stored, view, key, subresource: '', resource: { group: 'group', resource: 'resources' } })
  assert.deepEqual(
    writes.map(write => write.subresource),
    ['status', ''],
  )
  const want = object(
    { labels: { [state('two')]: 'Sync' }, finalizers: [finalizer('two')], annotations: { [record('two')]: promoted } },
    { status: { theirs: 2 } },
  )
  for (const write of writes) assert.deepEqual(write.object, want)
})

test('B41 the others vanished: the one that is left speaks for the object', () => {
  const metadata = { labels: { [state()]: 'Sync' }, ...held, annotations: { [record()]: '{"status":{"mine":1}}' } }
  const stored = object(metadata, { status: { stale: 0 } })
  const [status] = planSoleOwner(stored)
  const annotations = { [record()]: promoted }
  assert.deepEqual(status?.object, object({ ...metadata, annotations }, { status: { mine: 1 } }))
  assert.deepEqual(planSoleOwner(object({ ...metadata, annotations })), [])
  const labels = { ...metadata.labels, [state('two')]: 'Sync' }
  assert.deepEqual(planSoleOwner(object({ ...metadata, labels })), [])
})

const refusals = [
  {
    name: 'V8 a version that is not the stored one',
    stored: object({ labels: { [state()]: 'Sync' } }),
    view: object({ ...held, resourceVersion: '6' }),
    subresource: 'status' as const,
    want: 'Operation cannot be fulfilled on resources.group "aThing": the resource has been modified in the meantime',
  },
  {
    name: 'V4 a status from a syncer that does not hold the object',
    stored: object({ labels: { [state()]: 'Sync' } }),
    view: object({}),
    subresource: 'status' as const,
    want: "Internal error occurred: tried to write resource resources/status(/aThing) though it is not owning it (syncer finalizer doesn't exist)",
  },
  {
    name: 'an object of another target',
    stored: object({ labels: { [state('two')]: 'Sync' }, namespace: 'n' }),
    view: object(held),
    subresource: '' as const,
    want: 'Internal error occurred: tried to write resource resources(n/aThing) though it is not assigned to the current SyncTarget',
  },
]

for (const { name, stored, view, subresource, want } of refusals) {
  test(name, () => {
    assert.throws(
      () => planWrite({ stored, view, key, subresource, resource: { group: 'group', resource: 'resources' } }),
      { message: want },
    )
  })
}
