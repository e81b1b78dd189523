import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { BodyPieces } from './body-pieces.ts'

test('a body of one frame is not copied', () => {
  const pieces = new BodyPieces()
  const frame = Buffer.from('{}')
  pieces.add(frame)
  assert.equal(pieces.whole(), frame)
})

test('pieces of all sizes come out in order', () => {
  const pieces = new BodyPieces()
  const sizes = [3, 1, 5000, 2, 2047, 2048, 1, 16_384, 7]
  const sent = sizes.map((size, i) => Buffer.alloc(size, 65 + i))
  for (const each of sent) pieces.add(each)
  assert.ok(pieces.whole().equals(Buffer.concat(sent)))
})

test('a body in frames of a byte holds few buffers', () => {
  const pieces = new BodyPieces()
  for (let i = 0; i < 100_000; i++) pieces.add(Buffer.from('x'))
  assert.equal(pieces.count, 8)
  assert.equal(pieces.whole().length, 100_000)
})
