import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packBatch, packResult, unpackBatch, unpackResult } from './commit-messages.ts'
import type { CommitResult, WriteBatch } from './sqlite-engine.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a batch and its result cross to the commit thread unchanged', () => {
  const batch: WriteBatch = {
    writes: [
      { kind: 'create', key: '/a', value: bytes('one'), expected: 0 },
      { kind: 'update', key: '/b', value: bytes(''), expected: 2 ** 52 },
      { kind: 'delete', key: '/c', value: bytes(''), expected: 3 },
      { kind: 'update', key: '/d', value: bytes('two'), expected: 4 },
    ],
    atMs: 1_700_000_000_123,
    forgetBeforeMs: -1,
  }
  assert.deepEqual(unpackBatch(structuredClone(packBatch(batch))), batch)

  const result: CommitResult = {
    outcomes: [
      { revision: 7 },
      { refusal: { code: 'KeyExists', revision: 5 } },
      { revision: 8, previous: bytes('') },
      { refusal: { code: 'KeyNotFound', revision: 0 } },
      { refusal: { code: 'RevisionMismatch', revision: 6 } },
      { revision: 9, previous: bytes('before') },
    ],
    revision: 9,
    compactedRevision: 3,
  }
  assert.deepEqual(unpackResult(structuredClone(packResult(result))), result)
})

test('a value that is a slice of a pool takes only its own bytes along', () => {
  const pool = new Uint8Array(1 << 20)
  const batch = packBatch({
    writes: [{ kind: 'create', key: '/a', value: pool.subarray(10, 12), expected: 0 }],
    atMs: 0,
    forgetBeforeMs: 0,
  })
  assert.equal(batch.bytes.buffer.byteLength, 2)
})
