import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyJson, type JsonValue, parseJson } from '../json.ts'
import { applyJsonPatch, operationsLimit } from './json-patch.ts'

const document: JsonValue = { a: { b: [1, 2, 3] }, 'x/y': 1, n: null }
const cases: [name: string, patch: JsonValue, want: JsonValue | 422 | 400][] = [
  ['add a member', [{ op: 'add', path: '/c', value: 1 }], { ...document, c: 1 }],
  ['add to a list', [{ op: 'add', path: '/a/b/1', value: 9 }], { ...document, a: { b: [1, 9, 2, 3] } }],
  ['append to a list', [{ op: 'add', path: '/a/b/-', value: 9 }], { ...document, a: { b: [1, 2, 3, 9] } }],
  ['append by the length', [{ op: 'add', path: '/a/b/3', value: 9 }], { ...document, a: { b: [1, 2, 3, 9] } }],
  ['add at a negative index', [{ op: 'add', path: '/a/b/-1', value: 9 }], { ...document, a: { b: [1, 2, 3, 9] } }],
  ['add outside a list', [{ op: 'add', path: '/a/b/4', value: 9 }], 422],
  ['add below a missing parent', [{ op: 'add', path: '/q/r', value: 9 }], 422],
  ['add below a number', [{ op: 'add', path: '/a/b/0/x', value: 9 }], 422],
  ['replace', [{ op: 'replace', path: '/a/b/0', value: 9 }], { ...document, a: { b: [9, 2, 3] } }],
  ['replace from the end', [{ op: 'replace', path: '/a/b/-1', value: 9 }], { ...document, a: { b: [1, 2, 9] } }],
  ['replace of a missing member adds', [{ op: 'replace', path: '/c', value: 1 }], { ...document, c: 1 }],
  ['replace of a missing element', [{ op: 'replace', path: '/a/b/3', value: 1 }], 422],
  ['remove', [{ op: 'remove', path: '/a' }], { 'x/y': 1, n: null }],
  ['remove from the end', [{ op: 'remove', path: '/a/b/-1' }], { ...document, a: { b: [1, 2] } }],
  ['remove of a missing member', [{ op: 'remove', path: '/c' }], 422],
  ['remove of an inherited member', [{ op: 'remove', path: '/constructor' }], 422],
  ['escaped path', [{ op: 'replace', path: '/x~1y', value: 2 }], { ...document, 'x/y': 2 }],
  ['test holds', [{ op: 'test', path: '/a/b', value: [1, 2, 3] }], document],
  ['test of a missing member against null', [{ op: 'test', path: '/c', value: null }], document],
  ['test of a missing member without a value', [{ op: 'test', path: '/c' }], 422],
  ['test fails', [{ op: 'test', path: '/a/b/0', value: 2 }], 422],
  ['move', [{ op: 'move', from: '/a/b/0', path: '/a/b/-' }], { ...document, a: { b: [2, 3, 1] } }],
  ['copy', [{ op: 'copy', from: '/a', path: '/c' }], { ...document, c: { b: [1, 2, 3] } }],
  ['copy of nothing', [{ op: 'copy', from: '/q', path: '/c' }], { ...document, c: null }],
  ['replace the root', [{ op: 'replace', path: '', value: 1 }], 422],
  ['unknown operation', [{ op: 'nope', path: '/a' }], 422],
  ['no list', { op: 'add' }, 400],
  ['no object', [1], 400],
]
for (const [name, patch, want] of cases) {
  test(name, () => {
    const before = copyJson(document)
    if (want === 422 || want === 400) assert.throws(() => applyJsonPatch(document, patch), { code: want })
    else assert.deepEqual(applyJsonPatch(document, patch), want)
    assert.deepEqual(document, before)
  })
}

test('values of the patch are not shared between operations', () => {
  const value = { list: [1] }
  const patch = [
    { op: 'add', path: '/v', value },
    { op: 'copy', from: '/v', path: '/w' },
    { op: 'add', path: '/v/list/-', value: 2 },
  ]
  assert.deepEqual(applyJsonPatch({}, patch), { v: { list: [1, 2] }, w: { list: [1] } })
  assert.deepEqual(value, { list: [1] })
})

test('__proto__ is a key, and large numbers keep their digits', () => {
  const patch = parseJson('[{"op":"add","path":"/__proto__","value":{"x":12345678901234567890}}]')
  const patched = applyJsonPatch({}, patch)
  assert.equal(JSON.stringify(patched), '{"__proto__":{"x":12345678901234567890}}')
  assert.equal(Object.getPrototypeOf(patched), Object.prototype)
})

test('too many operations, and copies that explode', () => {
  const tests = Array.from({ length: operationsLimit + 1 }, () => ({ op: 'test', path: '/n', value: null }))
  assert.throws(() => applyJsonPatch(document, tests), {
    code: 413,
    message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
  })
  const doubling = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }))
  assert.throws(() => applyJsonPatch({ a: ['x'] }, doubling), {
    code: 422,
    message: 'the server rejected our request due to an error in our request',
  })
})
