// Columns that a kube-apiserver 1.31 types otherwise than as text, and cells that are easy to get wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../api/json.ts'
import { nativeTable } from './native-tables.ts'

const typed: [group: string, kind: string, want: string[]][] = [
  ['apps', 'ReplicaSet', ['Desired|integer|', 'Current|integer|', 'Ready|integer|']],
  ['apps', 'Deployment', []],
  ['batch', 'CronJob', ['Suspend|boolean|', 'Active|integer|']],
  ['policy', 'PodDisruptionBudget', ['Allowed Disruptions|integer|']],
  ['scheduling.k8s.io', 'PriorityClass', ['Value|integer|', 'Global-Default|boolean|']],
  ['storage.k8s.io', 'CSINode', ['Drivers|integer|']],
  ['storage.k8s.io', 'CSIStorageCapacity', ['Created At|date|']],
  ['storage.k8s.io', 'VolumeAttachment', ['Attacher|string|name', 'Attached|boolean|']],
]

for (const [group, kind, want] of typed) {
  test(`typed columns of ${kind}`, () => {
    const columns = nativeTable(group, kind).columns.filter(({ name }) => name !== 'Name')
    const found = columns.filter(({ type, format }) => type !== 'string' || format !== '')
    assert.deepEqual(
      found.map(({ name, type, format }) => `${name}|${type}|${format}`),
      want,
    )
  })
}

function cells(group: string, kind: string, members: JsonObject, metadata: JsonObject = {}) {
  const object = { apiVersion: 'v1', kind, metadata: { name: 'a', ...metadata }, ...members }
  return nativeTable(group, kind).cells(object, new Date(0))
}

test('selectors are ordered by key', () => {
  const podSelector = {
    matchLabels: { a: 'b' },
    matchExpressions: [
      { key: 'q', operator: 'NotIn', values: ['z', 'y'] },
      { key: 's', operator: 'DoesNotExist' },
      { key: 'r', operator: 'Exists' },
    ],
  }
  assert.equal(cells('networking.k8s.io', 'NetworkPolicy', { spec: { podSelector } })[1], 'a=b,q notin (y,z),r,!s')
})

test('the default storage class says so', () => {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
  assert.equal(cells('storage.k8s.io', 'StorageClass', { provisioner: 'p' }, { annotations })[0], 'a (default)')
})
