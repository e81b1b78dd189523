import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import { type FindVersion, ignoredByMain, ignoredByStatus } from './ownership.ts'
import { pathsOf } from './paths.ts'
import { sample, sampleTopology } from './sample.ts'
import { updateManagedFields } from './update-managed-fields.ts'

const facts = { topology: sampleTopology, ignore: ignoredByMain }
const versions: FindVersion = version => (version === 'ex.io/v1' ? facts : undefined)
const base = { versions, apiVersion: 'ex.io/v1', subresource: '' }
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute))

function write(manager: string, minute: number, after: KubeObject, before?: KubeObject): KubeObject {
  return updateManagedFields({ ...base, before, after, manager, now: at(minute) })
}
function owned(object: KubeObject): [string, string | undefined, object][] {
  return (object.metadata.managedFields ?? []).map(entry => [entry.manager, entry.time, entry.fieldsV1])
}

const created = write('m1', 0, sample({ replicas: 1, free: { a: 1 } }, { labels: { a: '1' } }))

test('a create owns all but what nobody owns', () => {
  assert.deepEqual(created.metadata.managedFields, [
    {
      manager: 'm1',
      operation: 'Update',
      apiVersion: 'ex.io/v1',
      time: '2026-11-21T10:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:spec': { '.': {}, 'f:free': { '.': {}, 'f:a': {} }, 'f:replicas': {} },
      },
    },
  ])
})

test('a change moves ownership, and what is removed has no owner', () => {
  const after = write('m2', 1, sample({ replicas: 2, free: {} }, created.metadata), created)
  assert.deepEqual(owned(after), [
    [
      'm1',
      '2026-11-21T10:00:00Z',
      { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:spec': { '.': {}, 'f:free': {} } },
    ],
    ['m2', '2026-11-21T10:01:00Z', { 'f:spec': { 'f:replicas': {} } }],
  ])
})

test('a write that changes nothing keeps object, entries and times', () => {
  const after = sample({ free: { a: 1 }, replicas: 1 }, created.metadata)
  assert.equal(write('m1', 1, after, created), after)
  const withoutEntries = sample({ replicas: 1, free: { a: 1 } }, { labels: { a: '1' } })
  assert.deepEqual(write('m1', 1, withoutEntries, created).metadata.managedFields, created.metadata.managedFields)
})

test('changes of what nobody owns or this endpoint does not set move nothing', () => {
  const after = {
    ...sample(created.spec as object, { ...created.metadata, resourceVersion: '7' }),
    status: { phase: 'x' },
  }
  assert.equal(write('m2', 1, after, created), after)
})

test('the same manager extends its entry and its time', () => {
  const after = write('m1', 1, sample({ replicas: 1, free: { a: 1 }, paused: true }, created.metadata), created)
  assert.deepEqual(owned(after), [
    [
      'm1',
      '2026-11-21T10:01:00Z',
      {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:spec': { '.': {}, 'f:free': { '.': {}, 'f:a': {} }, 'f:paused': {}, 'f:replicas': {} },
      },
    ],
  ])
})

test('a subresource has an entry of its own and takes no entries from the request', () => {
  const sent = { ...created, metadata: { ...created.metadata, managedFields: [] }, status: { phase: 'Ready' } }
  const after = updateManagedFields({
    ...base,
    before: created,
    after: sent,
    manager: 'm1',
    subresource: 'status',
    versions: () => ({ topology: sampleTopology, ignore: ignoredByStatus }),
    now: at(2),
  })
  assert.deepEqual(
    after.metadata.managedFields?.map(({ manager, subresource, fieldsV1 }) => [manager, subresource, fieldsV1]).at(-1),
    ['m1', 'status', { 'f:status': { '.': {}, 'f:phase': {} } }],
  )
})

test('an empty list gives tracking up for good', () => {
  const after = write('m1', 1, sample({ replicas: 2 }, { ...created.metadata, managedFields: [] }), created)
  assert.equal(after.metadata.managedFields, undefined)
  assert.equal(write('m1', 2, sample({ replicas: 3 }), after).metadata.managedFields, undefined)
})

test('malformed entries fall back to the stored ones', () => {
  const broken = [{ manager: 'x', operation: 'Nope' }] as unknown as ManagedFieldsEntry[]
  const after = write('m1', 1, sample(created.spec as object, { ...created.metadata, managedFields: broken }), created)
  assert.deepEqual(after.metadata.managedFields, created.metadata.managedFields)
})

test('more than ten updaters: the oldest are joined', () => {
  let object = created
  for (let i = 1; i <= 12; i++) {
    const free = { ...((object.spec as { free: object }).free as object), [`f${i}`]: i }
    object = write(`w${i}`, i, sample({ replicas: 1, free }, object.metadata), object)
  }
  const entries = object.metadata.managedFields ?? []
  assert.equal(entries.length, 10)
  assert.equal(entries[0]?.manager, 'ancient-changes')
  assert.deepEqual(
    pathsOf(entries[0]?.fieldsV1 ?? {}).filter(path => path.startsWith('.spec.free.')),
    ['.spec.free.a', '.spec.free.f1', '.spec.free.f2', '.spec.free.f3'],
  )
  assert.equal(entries[0]?.time, '2026-11-21T10:03:00Z')
})
