import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyJson, type JsonObject } from '../json.ts'
import { applyStrategicMerge } from './strategic-merge.ts'
import type { Topology } from './topology.ts'

const container: Topology = {
  fields: {
    env: { patchStrategy: ['merge'], patchMergeKey: 'name', items: {} },
    ports: {
      listType: 'map',
      mapKeys: [{ name: 'containerPort' }, { name: 'protocol', default: 'TCP' }],
      items: { fields: {} },
    },
    args: { items: {} },
  },
}
const topology: Topology = {
  fields: {
    finalizers: { patchStrategy: ['merge'], items: {} },
    set: { listType: 'set', items: {} },
    strategy: { patchStrategy: ['retainKeys'], fields: {} },
    whole: { patchStrategy: ['replace'], fields: {} },
    containers: { patchStrategy: ['merge'], patchMergeKey: 'name', items: container },
    volumes: { patchStrategy: ['merge', 'retainKeys'], patchMergeKey: 'name', items: { fields: {} } },
  },
}

interface Case {
  name: string
  document: JsonObject
  patch: JsonObject
  want: JsonObject | string
}
const ab = [
  { name: 'a', image: '1' },
  { name: 'b', image: '2' },
]
const cases: Case[] = [
  {
    name: 'maps merge, null deletes',
    document: { m: { a: 1, b: 2 } },
    patch: { m: { b: null, c: 3 } },
    want: { m: { a: 1, c: 3 } },
  },
  {
    name: 'elements merge by key, new ones come first',
    document: { containers: ab },
    patch: { containers: [{ name: 'b', image: '3' }, { name: 'c' }] },
    want: { containers: [{ name: 'a', image: '1' }, { name: 'b', image: '3' }, { name: 'c' }] },
  },
  {
    name: 'a new element alone goes in front',
    document: { containers: ab },
    patch: { containers: [{ name: 'c', image: null }] },
    want: { containers: [{ name: 'c' }, ...ab] },
  },
  {
    name: '$patch: delete names an element of a map by its first key, as kubectl does',
    document: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'UDP' }] }] },
    patch: { containers: [{ name: 'a', ports: [{ containerPort: 80, $patch: 'delete' }] }] },
    want: { containers: [{ name: 'a', ports: [] }] },
  },
  {
    name: '$patch: delete removes an element',
    document: { containers: ab },
    patch: { containers: [{ name: 'a', $patch: 'delete' }] },
    want: { containers: [{ name: 'b', image: '2' }] },
  },
  {
    name: '$patch: replace replaces a list',
    document: { containers: ab },
    patch: { containers: [{ name: 'c' }, { $patch: 'replace' }] },
    want: { containers: [{ name: 'c' }] },
  },
  {
    name: '$patch: replace and delete of maps',
    document: { m: { a: 1 }, n: { a: 1 } },
    patch: { m: { $patch: 'replace', b: 2 }, n: { $patch: 'delete' } },
    want: { m: { b: 2 }, n: {} },
  },
  {
    name: 'a directive in a new map leaves nothing',
    document: {},
    patch: { m: { $patch: 'delete' }, n: { a: null, b: { c: null, d: 1 } } },
    want: { n: { b: { d: 1 } } },
  },
  {
    name: '$setElementOrder orders known and new elements',
    document: { containers: ab },
    patch: {
      '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }],
      containers: [
        { name: 'c', image: '9' },
        { name: 'a', $patch: 'delete' },
      ],
    },
    want: {
      containers: [
        { name: 'c', image: '9' },
        { name: 'b', image: '2' },
      ],
    },
  },
  {
    name: '$setElementOrder keeps what only the server has near its place',
    document: { set: ['a', 's', 'b'] },
    patch: { '$setElementOrder/set': ['b', 'n', 'a'], set: ['n'] },
    want: { set: ['s', 'b', 'n', 'a'] },
  },
  {
    name: 'order alone',
    document: { containers: ab },
    patch: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
    want: {
      containers: [
        { name: 'b', image: '2' },
        { name: 'a', image: '1' },
      ],
    },
  },
  {
    name: 'order of a list that is deleted',
    document: { containers: ab },
    patch: { '$setElementOrder/containers': [{ name: 'b' }], containers: null },
    want: {},
  },
  {
    name: 'order of a list that is nowhere',
    document: {},
    patch: { '$setElementOrder/containers': [{ name: 'b' }] },
    want: {},
  },
  {
    name: 'plain lists are sets',
    document: { finalizers: ['a', 'b'], set: [1] },
    patch: { finalizers: ['c', 'b'], set: [2, 1] },
    want: { finalizers: ['c', 'a', 'b'], set: [2, 1] },
  },
  {
    name: '$deleteFromPrimitiveList',
    document: { finalizers: ['a', 'b'] },
    patch: { '$deleteFromPrimitiveList/finalizers': ['a'], '$deleteFromPrimitiveList/none': ['a'] },
    want: { finalizers: ['b'] },
  },
  {
    name: '$retainKeys drops what it does not name',
    document: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    patch: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    want: { strategy: { type: 'Recreate' } },
  },
  {
    name: '$retainKeys inside an element',
    document: { volumes: [{ name: 'v', emptyDir: {} }] },
    patch: { volumes: [{ $retainKeys: ['name', 'hostPath'], name: 'v', hostPath: { path: '/' } }] },
    want: { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
  },
  {
    name: 'what is new keeps none of the instructions',
    document: {},
    patch: {
      volumes: [{ $retainKeys: ['name', 'emptyDir'], name: 'v', emptyDir: {} }],
      containers: [{ name: 'a', '$setElementOrder/env': [{ name: 'x' }], '$deleteFromPrimitiveList/args': ['y'] }],
    },
    want: { volumes: [{ name: 'v', emptyDir: {} }], containers: [{ name: 'a' }] },
  },
  {
    name: 'keys with defaults',
    document: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'x' }] }] },
    patch: { containers: [{ name: 'a', ports: [{ containerPort: 80, name: 'y' }] }] },
    want: { containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'y' }] }] },
  },
  {
    name: 'other lists and strategy replace are replaced',
    document: { list: [1], whole: { a: 1 } },
    patch: { list: [2], whole: { b: 1 } },
    want: { list: [2], whole: { b: 1 } },
  },
  {
    name: 'a different kind of value replaces',
    document: { m: { a: 1 } },
    patch: { m: [1] },
    want: { m: [1] },
  },
  {
    name: 'no merge key',
    document: { containers: ab },
    patch: { containers: [{ image: 'x' }] },
    want: 'map: map[image:x] does not contain declared merge key: name',
  },
  {
    name: 'unknown directive',
    document: { m: {} },
    patch: { m: { $patch: 'turn' } },
    want: 'unknown patch type: turn in map: map[$patch:turn]',
  },
  {
    name: 'bad order',
    document: {},
    patch: { '$setElementOrder/containers': {} },
    want: 'expected a []interface {}, but received a map[string]interface {}',
  },
  {
    name: 'bad retainKeys',
    document: { strategy: {} },
    patch: { strategy: { $retainKeys: ['a'], b: 1 } },
    want: 'invalid patch format of retainKeys',
  },
]
for (const { name, document, patch, want } of cases) {
  test(name, () => {
    const inputs = copyJson({ document, patch })
    if (typeof want === 'string') {
      assert.throws(() => applyStrategicMerge(document, patch, topology), { message: want })
    } else assert.deepEqual(applyStrategicMerge(document, patch, topology), want)
    assert.deepEqual({ document, patch }, inputs)
  })
}
