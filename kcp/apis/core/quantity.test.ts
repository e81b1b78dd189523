import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantityValue } from './quantity.ts'

for (const [text, value] of [
  ['100m', 0.1],
  ['1.5', 1.5],
  ['2Gi', 2 * 1024 ** 3],
  ['1e3', 1000],
  ['-1k', -1000],
  ['1E', 1e18],
  ['', undefined],
  ['x', undefined],
  ['1 Gi', undefined],
  ['1constructor', undefined],
] as const) {
  test(`${JSON.stringify(text)} is ${value}`, () => assert.equal(quantityValue(text), value))
}
