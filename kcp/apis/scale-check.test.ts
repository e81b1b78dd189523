import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { checkScale } from './scale-check.ts'

const scale = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  labelSelector: ['status', 'selector'],
}
const errorsOf = (members: { [name: string]: JsonValue }) => {
  const object: KubeObject = { apiVersion: 'ex.io/v1', kind: 'Foo', metadata: { name: 'a' }, ...members }
  return checkScale(object, scale).map(({ field, message }) => `${field}: ${message}`)
}

test('numbers of replicas are whole and fit', () => {
  for (const replicas of [0, 3]) assert.deepEqual(errorsOf({ spec: { replicas } }), [])
  assert.deepEqual(errorsOf({ spec: {} }), [])
  assert.deepEqual(errorsOf({ spec: { replicas: -1 } }), [
    '.spec.replicas: Invalid value: -1: should be a non-negative integer',
  ])
  assert.deepEqual(errorsOf({ status: { replicas: 99_999_999_999 } }), [
    '.status.replicas: Invalid value: 99999999999: should be less than or equal to 2147483647',
  ])
})

test('what is something else is told as Go tells it', () => {
  const cases: [value: JsonValue, text: string][] = [
    ['x', 'x is of the type string'],
    [true, 'true is of the type bool'],
    [1.5, '1.5 is of the type float64'],
    [[1, 'a'], '[1 a] is of the type []interface {}'],
    [{ b: 1, a: {} }, 'map[a:map[] b:1] is of the type map[string]interface {}'],
    [null, '<nil> is of the type <nil>'],
  ]
  for (const [replicas, text] of cases) {
    const want = `.spec.replicas: Invalid value: 0: .spec.replicas accessor error: ${text}, expected int64`
    assert.deepEqual(errorsOf({ spec: { replicas } }), [want])
  }
  assert.deepEqual(errorsOf({ spec: 3, status: { selector: 4 } }), [
    '.spec.replicas: Invalid value: 0: .spec.replicas accessor error: 3 is of the type int64, expected map[string]interface{}',
    '.status.selector: Invalid value: "": .status.selector accessor error: 4 is of the type int64, expected string',
  ])
})
