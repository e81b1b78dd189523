// How a batch of writes and its result cross to the commit thread: keys as they are, numbers and bytes each packed into
// one array, so that a message costs the same however many small values it carries.

import type { CommitResult, WriteBatch, WriteOutcome } from './sqlite-engine.ts'
import type { WriteKind, WriteRefusal } from './write-rule.ts'

const kinds: readonly WriteKind[] = ['create', 'update', 'delete']
const refusals: readonly WriteRefusal['code'][] = ['KeyExists', 'KeyNotFound', 'RevisionMismatch']

export interface CommitRequest {
  readonly type: 'commit'
  readonly keys: readonly string[]
  /** Per write: kind, expected revision, length of the value. */
  readonly numbers: Float64Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly atMs: number
  readonly forgetBeforeMs: number
}

export interface CommitReply {
  readonly type: 'committed'
  /** Per write: 0 or 1 + the refusal, revision, length of the previous value or -1. */
  readonly numbers: Float64Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly revision: number
  readonly compactedRevision: number
}

const numbersPerWrite = 3

export function packBatch({ writes, atMs, forgetBeforeMs }: WriteBatch): CommitRequest {
  const numbers = new Float64Array(writes.length * numbersPerWrite)
  for (const [i, write] of writes.entries()) {
    numbers.set([kinds.indexOf(write.kind), write.expected, write.value.length], i * numbersPerWrite)
  }
  const keys = writes.map(write => write.key)
  return { type: 'commit', keys, numbers, bytes: join(writes.map(write => write.value)), atMs, forgetBeforeMs }
}

export function unpackBatch({ keys, numbers, bytes, atMs, forgetBeforeMs }: CommitRequest): WriteBatch {
  let offset = 0
  const writes = keys.map((key, i) => {
    const [kind = 0, expected = 0, length = 0] = numbers.subarray(i * numbersPerWrite)
    const value = bytes.subarray(offset, offset + length)
    offset += length
    return { kind: kinds[kind] ?? 'create', key, value, expected }
  })
  return { writes, atMs, forgetBeforeMs }
}

export function packResult({ outcomes, revision, compactedRevision }: CommitResult): CommitReply {
  const numbers = new Float64Array(outcomes.length * numbersPerWrite)
  const values: Uint8Array[] = []
  for (const [i, outcome] of outcomes.entries()) {
    const at = i * numbersPerWrite
    if ('refusal' in outcome)
      numbers.set([1 + refusals.indexOf(outcome.refusal.code), outcome.refusal.revision, -1], at)
    else numbers.set([0, outcome.revision, outcome.previous?.length ?? -1], at)
    if ('revision' in outcome && outcome.previous) values.push(outcome.previous)
  }
  return { type: 'committed', numbers, bytes: join(values), revision, compactedRevision }
}

export function unpackResult({ numbers, bytes, revision, compactedRevision }: CommitReply): CommitResult {
  const outcomes: WriteOutcome[] = []
  let offset = 0
  for (let at = 0; at < numbers.length; at += numbersPerWrite) {
    const [code = 0, reached = 0, length = -1] = numbers.subarray(at, at + numbersPerWrite)
    const refusal = refusals[code - 1]
    if (refusal) outcomes.push({ refusal: { code: refusal, revision: reached } })
    else if (length < 0) outcomes.push({ revision: reached })
    else {
      outcomes.push({ revision: reached, previous: bytes.subarray(offset, offset + length) })
      offset += length
    }
  }
  return { outcomes, revision, compactedRevision }
}

function join(values: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(values.reduce((sum, value) => sum + value.length, 0))
  let offset = 0
  for (const value of values) {
    joined.set(value, offset)
    offset += value.length
  }
  return joined
}
