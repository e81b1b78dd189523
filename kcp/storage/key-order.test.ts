import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareKeys, lowerBound, prefixEnd } from './key-order.ts'

const keys = [
  '',
  '\u0000',
  '/',
  '/a',
  '/a\u0000',
  '/aa',
  '/b',
  'ÿ',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '😀a',
  '\u{10ffff}',
]

test('keys compare as their UTF-8 bytes', () => {
  for (const a of keys) {
    for (const b of keys) {
      const want = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      assert.equal(Math.sign(compareKeys(a, b)), want, `${JSON.stringify(a)} ${JSON.stringify(b)}`)
    }
  }
})

test('the end of a prefix is after all its keys and not after others', () => {
  for (const prefix of keys) {
    const end = prefixEnd(prefix)
    for (const key of [...keys, ...keys.map(each => prefix + each)]) {
      const inRange = compareKeys(key, prefix) >= 0 && (end === undefined || compareKeys(key, end) < 0)
      assert.equal(inRange, key.startsWith(prefix), `${JSON.stringify(key)} in ${JSON.stringify(prefix)}`)
    }
  }
})

test('lowerBound finds the first key that is not before', () => {
  const sorted = keys.toSorted(compareKeys)
  for (const [i, key] of sorted.entries()) assert.equal(lowerBound(sorted, key), i)
  assert.equal(lowerBound(sorted, '\u{10ffff}z'), sorted.length)
})
