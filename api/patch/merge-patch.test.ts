import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyJson, isJsonObject, type JsonValue, parseJson } from '../json.ts'
import { applyMergePatch, createMergePatch } from './merge-patch.ts'

const cases: [document: JsonValue, patch: JsonValue, want: JsonValue][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [['a'], { b: null, c: { d: null } }, { c: {} }],
  [{ a: 'foo' }, 'bar', 'bar'],
]
for (const [document, patch, want] of cases) {
  test(`${JSON.stringify(document)} with ${JSON.stringify(patch)}`, () => {
    const before = copyJson(document)
    assert.deepEqual(applyMergePatch(document, patch), want)
    assert.deepEqual(document, before)
  })
}

const diffs: [from: string, to: string, patch: string][] = [
  ['{"a":1}', '{"a":1}', '{}'],
  ['{"a":1,"b":{"c":1,"d":2}}', '{"a":2,"b":{"d":2}}', '{"a":2,"b":{"c":null}}'],
  ['{"a":[1]}', '{"a":[1,2]}', '{"a":[1,2]}'],
  ['{"a":{"b":1}}', '{"a":1}', '{"a":1}'],
  ['{"a":12345678901234567890}', '{"a":12345678901234567891}', '{"a":12345678901234567891}'],
  ['{"__proto__":{"x":1}}', '{"__proto__":{"x":2},"constructor":1}', '{"__proto__":{"x":2},"constructor":1}'],
]
for (const [from, to, patch] of diffs) {
  test(`from ${from} to ${to}`, () => {
    const [a, b] = [parseJson(from), parseJson(to)]
    assert.ok(isJsonObject(a) && isJsonObject(b))
    assert.equal(JSON.stringify(createMergePatch(a, b)), patch)
    assert.equal(JSON.stringify(applyMergePatch(a, createMergePatch(a, b))), to)
  })
}
