import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../api/json.ts'
import { findByJsonPath, memberNames, parseJsonPath } from './json-path.ts'

const object: JsonValue = {
  metadata: { labels: { 'tenancy.kcp.io/phase': 'Ready', region: 'eu' } },
  spec: { replicas: 3, list: [{ name: 'a' }, { name: 'b' }] },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Synced', status: 'False' },
    ],
  },
}

const found: [path: string, want: JsonValue[]][] = [
  ['.spec.replicas', [3]],
  ['{.spec.replicas}', [3]],
  [`.metadata.labels['tenancy\\.kcp\\.io/phase']`, ['Ready']],
  ['.metadata.labels["region"]', ['eu']],
  ['.spec.list[1].name', ['b']],
  ['.spec.list[-1].name', ['b']],
  ['.spec.list[*].name', ['a', 'b']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [`.status.conditions[?(@.type=='Synced')].status`, ['False']],
  ['.spec.nope.deeper', []],
  ['.constructor', []],
]

for (const [path, want] of found) {
  test(path, () => assert.deepEqual(findByJsonPath(object, parseJsonPath(path) ?? []), want))
}

test('what we do not know is said', () => {
  assert.equal(parseJsonPath(".spec['a','b']"), undefined)
  assert.equal(parseJsonPath(`.a[?(@${'.a'.repeat(50_000)}!`), undefined)
  assert.deepEqual(memberNames('.spec.replicas'), ['spec', 'replicas'])
  assert.equal(memberNames('.spec.list[0]'), undefined)
})

test('slices, recursive descent and comparisons', () => {
  const object = {
    name: 'a',
    list: ['x', 'y', 'z'],
    numbers: [1, 2, 3],
    conditions: [
      { type: 'A', n: 1 },
      { type: 'Ready', n: 2, status: 'True' },
    ],
    inner: { name: 'b' },
  }
  const rows: [path: string, want: unknown[]][] = [
    ['.list[-1:]', ['z']],
    ['.list[0:2]', ['x', 'y']],
    ['.list[::2]', ['x', 'z']],
    ['..name', ['a', 'b']],
    ['.numbers[?(@>1)]', [2, 3]],
    ['.conditions[?(@.n>=2)].type', ['Ready']],
    ['.conditions[?(@.type!="Ready")].type', ['A']],
    ['.conditions[?(@.status)].type', ['Ready']],
    ['.conditions[?(@.n==1)].type', ['A']],
  ]
  for (const [path, want] of rows) {
    const steps = parseJsonPath(path)
    assert.ok(steps, path)
    assert.deepEqual(findByJsonPath(object, steps), want, path)
  }
})
