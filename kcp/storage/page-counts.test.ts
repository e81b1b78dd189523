import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPageCounts, type Page } from './page-counts.ts'

const end = 'z'
const page = (first: string, lastKey: string, revision = 7): Page => ({
  range: { first, end },
  revision,
  items: 10,
  lastKey,
})

test('what is left is counted once for all readers of a page, and for those who follow it', () => {
  const counts = createPageCounts()
  let counted = 0
  const count = () => {
    counted++
    return 90
  }
  assert.equal(counts.remaining(page('a', 'c'), count), 90)
  assert.equal(counts.remaining(page('a', 'c'), count), 90)
  assert.equal(counts.remaining(page('c\0', 'e'), count), 80)
  assert.equal(counts.remaining(page('c\0', 'e'), count), 80)
  assert.equal(counted, 1)
  assert.equal(counts.remaining(page('a', 'c', 8), count), 90)
  assert.equal(counted, 2)
})
