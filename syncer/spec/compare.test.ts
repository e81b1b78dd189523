import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { isInSync } from './compare.ts'
import { equalQuantities } from './quantity.ts'

/** Enough of the path language for these cases: fields, and list elements by name. */
function member(value: unknown, path: string): unknown {
  if (path.startsWith('f:')) return (value as Record<string, unknown> | undefined)?.[path.slice(2)]
  const { name } = JSON.parse(path.slice(2)) as { name: string }
  return Array.isArray(value) ? value.find(item => item.name === name) : undefined
}

const desired: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'kcp-x', labels: { app: 'web' } },
  spec: { replicas: 1, strategy: {}, containers: [{ name: 'c', image: 'i', limits: { cpu: '1000m' } }] },
}
const owned: JsonObject = {
  'f:metadata': { 'f:labels': { 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:strategy': {},
    'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:limits': { 'f:cpu': {} } } },
  },
}
const actual: JsonObject = {
  ...desired,
  metadata: { name: 'web', namespace: 'kcp-x', uid: 'u', labels: { app: 'web', added: 'x' } },
  spec: {
    replicas: 1,
    strategy: { type: 'RollingUpdate' },
    containers: [
      { name: 'c', image: 'i', pullPolicy: 'Always', limits: { cpu: '1' } },
      { name: 'sidecar', image: 's' },
    ],
  },
}
const specWith = (members: JsonObject): JsonObject => ({
  ...desired,
  spec: { ...(desired.spec as JsonObject), ...members },
})
const actualWith = (members: JsonObject): JsonObject => ({
  ...actual,
  spec: { ...(actual.spec as JsonObject), ...members },
})

const cases: {
  name: string
  desired?: JsonObject
  actual?: JsonObject
  owned?: JsonObject | undefined
  want: boolean
}[] = [
  { name: 'defaults, additions of others and rewritten quantities do not matter', want: true },
  { name: 'another value downstream', actual: actualWith({ replicas: 2 }), want: false },
  { name: 'a field added upstream', desired: specWith({ paused: true }), want: false },
  {
    name: 'a field that others set to what we now want is not ours yet',
    desired: specWith({ paused: true }),
    actual: actualWith({ paused: true }),
    want: false,
  },
  {
    name: 'a field removed upstream',
    desired: { ...desired, spec: { strategy: {}, containers: (desired.spec as JsonObject).containers } },
    want: false,
  },
  {
    name: 'a list element removed upstream',
    desired: specWith({ containers: [{ name: 'other', image: 'i' }] }),
    want: false,
  },
  { name: 'nothing is ours', owned: undefined, want: false },
]
for (const given of cases) {
  test(`in sync? ${given.name}`, () => {
    const fields = 'owned' in given ? given.owned : owned
    assert.equal(isInSync(given.desired ?? desired, given.actual ?? actual, { owned: fields, member }), given.want)
  })
}

const quantities: [unknown, unknown, boolean][] = [
  ['1000m', '1', true],
  ['1024Mi', '1Gi', true],
  ['0.5', '500m', true],
  [1, '1', true],
  ['1e3', '1k', true],
  ['1', '2', false],
  ['web', 'web', true],
  ['web', '1', false],
]
for (const [a, b, want] of quantities) {
  test(`${a} and ${b} are ${want ? '' : 'not '}the same amount`, () => assert.equal(equalQuantities(a, b), want))
}
