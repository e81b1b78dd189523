import assert from 'node:assert/strict'
import { test } from 'node:test'
import { difference, equalFields, type Fields, intersection, recursiveDifference, sortFields, union } from './fields.ts'
import { pathElement, pathsOf } from './paths.ts'

const a: Fields = { 'f:m': { '.': {}, 'f:x': {}, 'f:y': {} }, 'f:n': {} }
const b: Fields = { 'f:m': { 'f:x': {}, 'f:z': {} }, 'f:o': {} }
const rows: [name: string, operation: (a: Fields, b: Fields) => Fields, want: Fields][] = [
  ['union', union, { 'f:m': { '.': {}, 'f:x': {}, 'f:y': {}, 'f:z': {} }, 'f:n': {}, 'f:o': {} }],
  ['intersection', intersection, { 'f:m': { 'f:x': {} } }],
  ['difference', difference, { 'f:m': { '.': {}, 'f:y': {} }, 'f:n': {} }],
  ['difference the other way', (x, y) => difference(y, x), { 'f:m': { 'f:z': {} }, 'f:o': {} }],
  [
    'a member takes only itself away',
    (x, _) => difference(x, { 'f:m': {} }),
    { 'f:m': { 'f:x': {}, 'f:y': {} }, 'f:n': {} },
  ],
  ['a member takes all below it away', (x, _) => recursiveDifference(x, { 'f:m': {} }), { 'f:n': {} }],
  [
    'the last one below a member leaves a leaf',
    (x, _) => difference({ 'f:m': { '.': {}, 'f:x': {} } }, x === a ? { 'f:m': { 'f:x': {} } } : {}),
    { 'f:m': {} },
  ],
  [
    'a leaf and what is below it',
    (_, y) => union({ 'f:m': {} }, y),
    { 'f:m': { '.': {}, 'f:x': {}, 'f:z': {} }, 'f:o': {} },
  ],
]
for (const [name, operation, want] of rows) {
  test(name, () => {
    const before = JSON.stringify([a, b])
    assert.deepEqual(operation(a, b), want)
    assert.equal(JSON.stringify([a, b]), before)
  })
}

test('what stays the same is the same', () => {
  assert.equal(union(a, { 'f:m': { 'f:x': {} } }), a)
  assert.equal(difference(a, { 'f:q': {} }), a)
  assert.equal(difference(a, { 'f:m': { 'f:q': {} } }), a)
  assert.ok(equalFields(a, sortFields(a)))
  assert.ok(!equalFields(a, b))
})

test('keys are sorted when stored', () => {
  assert.equal(
    JSON.stringify(sortFields({ 'f:b': { 'f:z': {}, '.': {} }, 'f:a': {} })),
    '{"f:a":{},"f:b":{".":{},"f:z":{}}}',
  )
})

test('paths are written as people see them', () => {
  assert.deepEqual(
    pathsOf({ 'f:m': { '.': {}, 'f:x': {} }, 'f:n': { 'k:{"a":1,"b":"x"}': { '.': {}, 'f:y': {} } }, 'f:o': {} }),
    ['.m', '.o', '.m.x', '.n[a=1,b="x"]', '.n[a=1,b="x"].y'],
  )
  assert.equal(pathElement('v:"x"'), '[="x"]')
  assert.equal(pathElement('i:3'), '[3]')
})
