import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../json.ts'
import { compare } from './compare.ts'
import { fieldSet } from './field-set.ts'
import type { Fields } from './fields.ts'
import { sampleTopology } from './sample.ts'

interface Case {
  name: string
  before: JsonObject
  after: JsonObject
  added?: Fields
  removed?: Fields
  modified?: Fields
}
const web = { name: 'web', image: '1' }
const cases: Case[] = [
  { name: 'equal', before: { spec: { replicas: 1 } }, after: { spec: { replicas: 1 } } },
  {
    name: 'a scalar changes',
    before: { spec: { replicas: 1 } },
    after: { spec: { replicas: 2 } },
    modified: { 'f:spec': { 'f:replicas': {} } },
  },
  {
    name: 'what is new belongs to its parent too',
    before: {},
    after: { spec: { replicas: 2 } },
    added: { 'f:spec': { '.': {}, 'f:replicas': {} } },
  },
  {
    name: 'what is gone belongs to its parent too',
    before: { spec: { free: { a: 1 } } },
    after: { spec: {} },
    removed: { 'f:spec': { 'f:free': { '.': {}, 'f:a': {} } } },
  },
  {
    name: 'elements by key, with a default',
    before: { spec: { containers: [{ ...web, ports: [{ port: 1 }] }, { name: 'b' }] } },
    after: { spec: { containers: [{ name: 'c' }, { ...web, image: '2', ports: [{ port: 1, protocol: 'TCP' }] }] } },
    added: {
      'f:spec': {
        'f:containers': {
          'k:{"name":"c"}': { '.': {}, 'f:name': {} },
          'k:{"name":"web"}': { 'f:ports': { 'k:{"port":1,"protocol":"TCP"}': { 'f:protocol': {} } } },
        },
      },
    },
    removed: { 'f:spec': { 'f:containers': { 'k:{"name":"b"}': { '.': {}, 'f:name': {} } } } },
    modified: { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
  },
  {
    name: 'sets by value',
    before: { metadata: { finalizers: ['a', 'b'] } },
    after: { metadata: { finalizers: ['b', 'c'] } },
    added: { 'f:metadata': { 'f:finalizers': { 'v:"c"': {} } } },
    removed: { 'f:metadata': { 'f:finalizers': { 'v:"a"': {} } } },
  },
  {
    name: 'atomic lists and maps are one value',
    before: { spec: { args: ['a'], selector: { a: '1' } } },
    after: { spec: { args: ['a', 'b'], selector: { b: '1' } } },
    modified: { 'f:spec': { 'f:args': {}, 'f:selector': {} } },
  },
  {
    name: 'values of unknown shape: maps have parts, lists have none',
    before: { spec: { free: { m: { a: 1 }, l: [1] } } },
    after: { spec: { free: { m: { a: 2, b: 1 }, l: [2] } } },
    added: { 'f:spec': { 'f:free': { 'f:m': { 'f:b': {} } } } },
    modified: { 'f:spec': { 'f:free': { 'f:m': { 'f:a': {} }, 'f:l': {} } } },
  },
  {
    name: 'empty, null and absent are apart',
    before: { spec: { free: {} }, status: null },
    after: { spec: { free: null }, status: {} },
    modified: { 'f:spec': { 'f:free': {} }, 'f:status': {} },
  },
  {
    name: 'another shape',
    before: { spec: { limit: 1 } },
    after: { spec: { limit: { cpu: '1' } } },
    added: { 'f:spec': { 'f:limit': { 'f:cpu': {} } } },
    modified: { 'f:spec': { 'f:limit': {} } },
  },
  {
    name: 'names that objects inherit',
    before: { spec: { free: {} } },
    after: { spec: { free: { constructor: 1 } } },
    added: { 'f:spec': { 'f:free': { 'f:constructor': {} } } },
  },
]
for (const { name, before, after, added = {}, removed = {}, modified = {} } of cases) {
  test(name, () => assert.deepEqual(compare(before, after, sampleTopology), { added, removed, modified }))
}

test('the fields of an object', () => {
  const object = {
    metadata: { labels: { a: '1' }, finalizers: ['x'] },
    spec: { replicas: 1, args: ['a'], free: {}, containers: [{ ...web, ports: [{ port: 80 }] }] },
  }
  assert.deepEqual(fieldSet(object, sampleTopology), {
    'f:metadata': { 'f:labels': { 'f:a': {} }, 'f:finalizers': { 'v:"x"': {} } },
    'f:spec': {
      'f:replicas': {},
      'f:args': {},
      'f:free': {},
      'f:containers': {
        'k:{"name":"web"}': {
          '.': {},
          'f:name': {},
          'f:image': {},
          'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
        },
      },
    },
  })
})
