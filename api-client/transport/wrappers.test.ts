import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createManualClock } from '../manual-clock.ts'
import type { Transport, TransportResponse } from './transport.ts'
import { tokenBucket } from './with-rate-limit.ts'
import { withRetry } from './with-retry.ts'
import { renewedToken, withToken } from './with-token.ts'

async function* nothing(): AsyncGenerator<Uint8Array> {}
const answer = (status: number, headers: Record<string, string> = {}): TransportResponse => ({
  status,
  headers,
  body: nothing(),
})
const request = { method: 'POST', path: '/', headers: {} } as const

function scripted(answers: TransportResponse[]): { transport: Transport; count: () => number } {
  let count = 0
  const transport = async () => answers[Math.min(count++, answers.length - 1)] ?? answer(500)
  return { transport, count: () => count }
}

const soon = { 'retry-after': '0' }
const retries = [
  {
    name: '429 with Retry-After is repeated',
    answers: [answer(429, soon), answer(200)],
    want: { status: 200, count: 2 },
  },
  {
    name: '503 with Retry-After is repeated',
    answers: [answer(503, soon), answer(201)],
    want: { status: 201, count: 2 },
  },
  { name: '503 without Retry-After is not', answers: [answer(503), answer(200)], want: { status: 503, count: 1 } },
  { name: '500 with Retry-After is not', answers: [answer(500, soon), answer(200)], want: { status: 500, count: 1 } },
  { name: 'it gives up after ten repetitions', answers: [answer(429, soon)], want: { status: 429, count: 11 } },
]
for (const { name, answers, want } of retries) {
  test(name, async () => {
    const { transport, count } = scripted(answers)
    const response = await withRetry(transport, systemClock)(request)
    assert.deepEqual({ status: response.status, count: count() }, want)
  })
}

test('the bucket lets a burst through, then qps a second', () => {
  const clock = createManualClock()
  const take = tokenBucket({ qps: 10, burst: 2 }, clock.now)
  assert.deepEqual([take(), take(), take(), take()], [0, 0, 100, 200])
  clock.advance(10_000)
  assert.deepEqual([take(), take(), take()], [0, 0, 100])
})

test('a clock that is set back an hour does not hold up requests', () => {
  let nowMs = 3_600_000
  const take = tokenBucket({ qps: 10, burst: 2 }, () => nowMs)
  take()
  nowMs = 0
  assert.deepEqual([take(), take()], [0, 100])
})

test('a token is read once for all, again when old, and again after a 401', async () => {
  const clock = createManualClock()
  let reads = 0
  const source = renewedToken(async () => ({ token: `t${++reads}`, expiresAtMs: clock.now() + 1000 }), clock)
  const sent: (string | undefined)[] = []
  let status = 200
  const transport = withToken(async ({ headers }) => {
    sent.push(headers.authorization)
    return answer(status)
  }, source)
  await Promise.all([transport(request), transport(request)])
  clock.advance(1000)
  status = 401
  await transport(request)
  await transport(request)
  assert.deepEqual(sent, ['Bearer t1', 'Bearer t1', 'Bearer t2', 'Bearer t3'])
})
