import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../json.ts'
import type { KubeObject } from '../../objects.ts'
import { StatusError } from '../../status-error.ts'
import { applyPatch } from './apply-patch.ts'
import { type FindVersion, ignoredByMain } from './ownership.ts'
import { sample, sampleTopology } from './sample.ts'
import { updateManagedFields } from './update-managed-fields.ts'

const facts = { topology: sampleTopology, ignore: ignoredByMain }
const versions: FindVersion = version => (version === 'ex.io/v1' ? facts : undefined)
const base = { versions, apiVersion: 'ex.io/v1', kind: 'Sample', subresource: '' }
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute))

interface Step {
  manager: string
  spec: object
  live?: KubeObject
  force?: boolean
  minute?: number
  metadata?: object
}
function apply({ manager, spec, live, force = false, minute = 0, metadata }: Step): KubeObject {
  const applied = sample(spec, metadata) as unknown as JsonObject
  return applyPatch({ ...base, live, applied, manager, force, now: at(minute) }).object
}
function update(manager: string, spec: object, live?: KubeObject): KubeObject {
  const after = sample(spec, live?.metadata)
  return updateManagedFields({ ...base, before: live, after, manager, now: at(9) })
}
function owned(object: KubeObject): Record<string, object> {
  return Object.fromEntries(
    (object.metadata.managedFields ?? []).map(entry => [
      `${entry.manager} ${entry.operation} ${entry.time}`,
      entry.fieldsV1,
    ]),
  )
}

test('an apply creates, and owns what it says', () => {
  const object = apply({ manager: 'a', spec: { replicas: 1, containers: [{ name: 'web', image: '1' }] } })
  assert.deepEqual(object.spec, { replicas: 1, containers: [{ name: 'web', image: '1' }] })
  assert.deepEqual(owned(object), {
    'a Apply 2026-11-21T10:00:00Z': {
      'f:spec': {
        'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
        'f:replicas': {},
      },
    },
  })
})

test('what is no longer applied goes, what others own stays', () => {
  const first = apply({ manager: 'a', spec: { replicas: 1, paused: true, free: { x: 1, y: 2 }, args: ['a'] } })
  const shared = apply({ manager: 'b', spec: { paused: true, free: { y: 2 } }, live: first, minute: 1 })
  const object = apply({ manager: 'a', spec: { replicas: 1 }, live: shared, minute: 2 })
  assert.deepEqual(object.spec, { replicas: 1, paused: true, free: { y: 2 } })
  assert.deepEqual(owned(object), {
    'a Apply 2026-11-21T10:02:00Z': { 'f:spec': { 'f:replicas': {} } },
    'b Apply undefined': { 'f:spec': { 'f:free': { 'f:y': {} }, 'f:paused': {} } },
  })
})

test('elements of lists come and go with their manager', () => {
  const first = apply({
    manager: 'a',
    spec: {
      containers: [
        { name: 'x', image: '1' },
        { name: 'y', image: '1' },
      ],
    },
  })
  const second = apply({ manager: 'b', spec: { containers: [{ name: 'z', image: '1' }] }, live: first })
  const object = apply({ manager: 'a', spec: { containers: [{ name: 'y', image: '2' }] }, live: second })
  assert.deepEqual(object.spec, {
    containers: [
      { name: 'y', image: '2' },
      { name: 'z', image: '1' },
    ],
  })
})

test('an element that is no longer applied goes with what updaters added to it', () => {
  const first = apply({ manager: 'a', spec: { containers: [{ name: 'x', image: '1' }], replicas: 1 } })
  const second = update('u', { containers: [{ name: 'x', image: '1', ports: [{ port: 1 }] }], replicas: 1 }, first)
  const object = apply({ manager: 'a', spec: { replicas: 1 }, live: second })
  // Null as in Kubernetes: who has the field's schema says whether that may be.
  assert.deepEqual(object.spec, { containers: null, replicas: 1 })
})

test('a conflict names the other applier', () => {
  const live = apply({ manager: 'm1', spec: { replicas: 1 } })
  assert.throws(
    () => apply({ manager: 'm2', spec: { replicas: 2 }, live }),
    (error: unknown) => {
      assert.ok(error instanceof StatusError)
      assert.deepEqual(error.status, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
        reason: 'Conflict',
        details: {
          causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.replicas' }],
        },
        code: 409,
      })
      return true
    },
  )
})

test('conflicts with updaters name the version; several are listed', () => {
  const live = update('upd', { replicas: 2, paused: true }, apply({ manager: 'm1', spec: { replicas: 1 } }))
  const other = apply({ manager: 'm1', spec: { limit: 5 }, live, minute: 1 })
  assert.throws(() => apply({ manager: 'm2', spec: { replicas: 3, paused: false, limit: 6 }, live: other }), {
    message:
      'Apply failed with 3 conflicts: conflicts with "m1":\n- .spec.limit\nconflicts with "upd" using ex.io/v1:\n- .spec.paused\n- .spec.replicas',
  })
})

test('the same value is shared, force takes over', () => {
  const live = apply({ manager: 'm1', spec: { replicas: 1 } })
  const shared = apply({ manager: 'm2', spec: { replicas: 1 }, live, minute: 1 })
  assert.deepEqual(Object.values(owned(shared)), [
    { 'f:spec': { 'f:replicas': {} } },
    { 'f:spec': { 'f:replicas': {} } },
  ])
  const forced = apply({ manager: 'm2', spec: { replicas: 2 }, live: shared, force: true, minute: 2 })
  assert.deepEqual(owned(forced), { 'm2 Apply 2026-11-21T10:02:00Z': { 'f:spec': { 'f:replicas': {} } } })
})

test('applying the same again changes nothing, not even the time', () => {
  const live = apply({ manager: 'm1', spec: { replicas: 1, args: ['a'] } })
  const again = apply({ manager: 'm1', spec: { args: ['a'], replicas: 1 }, live, minute: 5 })
  assert.deepEqual(again, live)
  assert.equal(again.metadata.managedFields?.[0], live.metadata.managedFields?.[0])
})

test('an object that was never tracked belongs to before-first-apply', () => {
  const live = sample({ replicas: 1, paused: true }, { uid: 'u' })
  const object = apply({ manager: 'm', spec: { replicas: 1 }, live })
  assert.deepEqual(Object.keys(owned(object)), ['m Apply undefined', 'before-first-apply Update 2026-11-21T10:00:00Z'])
  assert.throws(() => apply({ manager: 'm', spec: { replicas: 2 }, live }), {
    message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using ex.io/v1: .spec.replicas',
  })
})

const refused: [name: string, applied: JsonObject, code: number, message: string][] = [
  [
    'an unknown field',
    { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'ssa' }, spec: { replica: 1 } },
    500,
    'failed to create typed patch object (/ssa; ex.io/v1, Kind=Sample): .spec.replica: field not declared in schema',
  ],
  [
    'a wrong type',
    { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'x', namespace: 'n' }, spec: { replicas: 'a' } },
    500,
    'failed to create typed patch object (n/x; ex.io/v1, Kind=Sample): .spec.replicas: expected numeric (int or float), got string',
  ],
  [
    'an element without key',
    { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'x' }, spec: { containers: [{ image: '1' }] } },
    500,
    'failed to create typed patch object (/x; ex.io/v1, Kind=Sample): .spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
  ],
  [
    'a key twice, and another error',
    { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'x', finalizers: ['a', 'a'] }, spec: { args: 1 } },
    500,
    'failed to create typed patch object (/x; ex.io/v1, Kind=Sample): errors:\n  .metadata.finalizers: duplicate entries for key [="a"]\n  .spec.args: expected list, got &{1}',
  ],
  [
    'managedFields',
    { apiVersion: 'ex.io/v1', kind: 'Sample', metadata: { name: 'x', managedFields: [] } },
    400,
    'metadata.managedFields must be nil',
  ],
  [
    'another version',
    { apiVersion: 'ex.io/v2', kind: 'Sample', metadata: { name: 'x' } },
    400,
    'invalid object type: ex.io/v2, Kind=Sample',
  ],
]
for (const [name, applied, code, message] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => applyPatch({ ...base, applied, manager: 'm', force: false, now: at(0) }), { code, message })
  })
}

test('kubectl takes over what client-side apply set, and keeps the annotation up to date', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
  const last = JSON.stringify({
    apiVersion: 'ex.io/v1',
    kind: 'Sample',
    metadata: { name: 'x' },
    spec: { replicas: 1 },
  })
  const live = updateManagedFields({
    ...base,
    after: sample({ replicas: 1, paused: true }, { annotations: { [annotation]: last } }),
    manager: 'kubectl-client-side-apply',
    now: at(0),
  })
  const object = apply({ manager: 'kubectl', spec: { replicas: 2 }, live, minute: 1 })
  assert.equal(
    object.metadata.annotations?.[annotation],
    '{"apiVersion":"ex.io/v1","kind":"Sample","metadata":{"name":"x"},"spec":{"replicas":2}}\n',
  )
  assert.throws(() => apply({ manager: 'kubectl', spec: { replicas: 2, paused: false }, live }), {
    message: 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using ex.io/v1: .spec.paused',
  })
})

test('a new order of elements is a change', () => {
  const live = apply({ manager: 'a', spec: {}, metadata: { finalizers: ['x', 'y'] } })
  const object = apply({ manager: 'b', spec: {}, metadata: { finalizers: ['y', 'x'] }, live, minute: 1 })
  assert.deepEqual(object.metadata.finalizers, ['y', 'x'])
  assert.equal(object.metadata.managedFields?.at(-1)?.time, '2026-11-21T10:01:00Z')
})
