import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiRecord } from './api-record.ts'
import { createRecordSets } from './record-sets.ts'

const record = (id: string, type: ApiRecord['type'] = 'crd'): ApiRecord =>
  type === 'crd'
    ? { type, id, group: 'ex.io', crd: {} }
    : {
        type,
        id,
        exportCluster: 'root',
        exportName: id,
        resources: [],
        claims: [],
        exportedClaims: [],
        terminating: false,
      }

test('clusters with equal records share one set, whatever the order they came in', () => {
  const sets = createRecordSets(() => undefined)
  sets.change('a', undefined, record('x'))
  sets.change('a', undefined, record('y'))
  sets.change('b', undefined, record('y'))
  assert.notEqual(sets.of('a'), sets.of('b'))
  sets.change('b', undefined, record('x'))
  assert.equal(sets.of('a'), sets.of('b'))
  assert.deepEqual(
    sets
      .all()
      .map(({ id }) => id)
      .sort(),
    ['x', 'y'],
  )
})

test('two objects that add the same record count twice', () => {
  const sets = createRecordSets(() => undefined)
  sets.change('a', undefined, record('x'))
  sets.change('a', undefined, record('x'))
  sets.change('a', record('x'), undefined)
  assert.deepEqual(sets.of('a').list, [record('x')])
  sets.change('a', record('x'), undefined)
  assert.deepEqual(sets.of('a').list, [])
  assert.deepEqual(sets.all(), [])
})

test('a change is told once, and not when the record is the same', () => {
  const told: string[] = []
  const sets = createRecordSets(cluster => told.push(cluster))
  sets.change('a', undefined, record('x'))
  sets.change('a', record('x'), record('x'))
  sets.change('a', undefined, undefined)
  assert.deepEqual(told, ['a'])
})

test('replacing all of one type leaves the other type alone', () => {
  const sets = createRecordSets(() => undefined)
  sets.change('a', undefined, record('crd'))
  sets.change('a', undefined, record('old', 'binding'))
  sets.change('gone', undefined, record('old', 'binding'))
  sets.replaceAll('binding', new Map([['a', [record('new', 'binding')]]]))
  assert.deepEqual(
    sets.of('a').list.map(({ id }) => id),
    ['crd', 'new'],
  )
  assert.deepEqual(sets.of('gone').list, [])
  assert.deepEqual(
    sets.clustersWith(({ id }) => id === 'new'),
    ['a'],
  )
})
