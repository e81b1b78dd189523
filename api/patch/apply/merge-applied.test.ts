import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyJson, type JsonObject, type JsonValue } from '../../json.ts'
import type { Fields } from './fields.ts'
import { mergeApplied } from './merge-applied.ts'
import { removeFields } from './remove-fields.ts'
import { sampleTopology } from './sample.ts'

const finalizers = (live: string[], applied: string[]) => {
  const merged = mergeApplied({ metadata: { finalizers: live } }, { metadata: { finalizers: applied } }, sampleTopology)
  return JSON.stringify(merged.metadata)
}
const orders: [live: string[], applied: string[], want: string[]][] = [
  [['a', 'b'], [], ['a', 'b']],
  [['a', 'b'], ['c'], ['a', 'b', 'c']],
  [
    ['a', 'x', 'b'],
    ['b', 'a'],
    ['x', 'b', 'a'],
  ],
  [
    ['a', 'x', 'b'],
    ['a', 'b'],
    ['a', 'x', 'b'],
  ],
  [
    ['x', 'a', 'y'],
    ['n', 'a', 'm'],
    ['x', 'n', 'a', 'y', 'm'],
  ],
]
for (const [live, applied, want] of orders) {
  test(`${live} with ${applied} is ${want}`, () =>
    assert.equal(finalizers(live, applied), JSON.stringify({ finalizers: want })))
}

const spec: [name: string, live: JsonValue, applied: JsonValue, want: JsonValue][] = [
  ['leaves win', { replicas: 1, paused: true }, { replicas: 2 }, { replicas: 2, paused: true }],
  [
    'atomic ones are replaced',
    { args: ['a'], selector: { a: '1' } },
    { args: ['b'], selector: { b: '1' } },
    { args: ['b'], selector: { b: '1' } },
  ],
  [
    'elements merge',
    { containers: [{ name: 'a', image: '1' }] },
    { containers: [{ name: 'a', ports: [] }] },
    { containers: [{ name: 'a', image: '1', ports: [] }] },
  ],
  [
    'null leaves parts alone',
    { containers: [{ name: 'a' }], free: { a: 1 } },
    { containers: null, free: null },
    { containers: [{ name: 'a' }], free: { a: 1 } },
  ],
]
for (const [name, live, applied, want] of spec) {
  test(name, () => {
    const inputs = copyJson([live, applied])
    assert.deepEqual(mergeApplied({ spec: live }, { spec: applied }, sampleTopology), { spec: want })
    assert.deepEqual([live, applied], inputs)
  })
}

const removals: [name: string, object: JsonObject, gone: Fields, want: JsonObject][] = [
  ['a field', { spec: { replicas: 1, paused: true } }, { 'f:spec': { 'f:replicas': {} } }, { spec: { paused: true } }],
  [
    'an element',
    { spec: { containers: [{ name: 'a' }, { name: 'b' }] } },
    { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': {} } } },
    { spec: { containers: [{ name: 'b' }] } },
  ],
  [
    'the last one leaves null in its place',
    { spec: { free: { a: 1 }, replicas: 1 } },
    { 'f:spec': { 'f:free': { 'f:a': {} } } },
    { spec: { free: null, replicas: 1 } },
  ],
]
for (const [name, object, gone, want] of removals) {
  test(`remove ${name}`, () => assert.deepEqual(removeFields(object, gone, sampleTopology), want))
}
