import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareKeys } from './key-order.ts'

test('names, then keys, values and places; numbers count as numbers', () => {
  const keys = [
    '.',
    'f:a',
    'f:b',
    'k:{"name":"a"}',
    'k:{"port":9}',
    'k:{"port":80}',
    'v:2',
    'v:10',
    'v:"a"',
    'v:true',
    'i:2',
  ]
  assert.deepEqual(keys.toReversed().sort(compareKeys), keys)
})
