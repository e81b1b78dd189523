import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tooLargeResourceVersion } from './storage-errors.ts'

test('a version that does not come in time: clients look for cause and text', () => {
  assert.deepEqual(tooLargeResourceVersion(99_999_999, 2159).status, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Timeout: Too large resource version: 99999999, current: 2159',
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    code: 504,
  })
})
