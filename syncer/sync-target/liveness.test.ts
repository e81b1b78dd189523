import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Log, silentLog } from '../../api-client/log.ts'
import { createManualClock, type ManualClock } from '../../api-client/manual-clock.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import type { TransportRequest } from '../../api-client/transport/transport.ts'
import { runHeartbeat } from './heartbeat.ts'
import { waitForSyncTarget } from './wait-for-sync-target.ts'

async function* text(body: unknown): AsyncGenerator<Uint8Array> {
  yield Buffer.from(JSON.stringify(body))
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Answers in turn, the last one for ever; records what was asked and when. */
function scripted(answers: readonly Answer[]) {
  const clock = createManualClock(Date.parse('2026-01-02T03:04:05Z'))
  const asked: { atMs: number; request: TransportRequest }[] = []
  const startMs = clock.now()
  const client = createClient(async request => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? { status: 500, body: {} }
    asked.push({ atMs: clock.now() - startMs, request })
    return { status: answer.status, headers: {}, body: text(answer.body) }
  })
  const errors: string[] = []
  const log: Log = { ...silentLog, error: fields => void errors.push(String(fields.error)) }
  return { clock, client, asked, errors, log, random: () => 1 }
}

/** Lets the clock run from wait to wait until enough has been asked. */
async function runUntil(clock: ManualClock, isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    await new Promise(resolve => setImmediate(resolve))
    if (!isEnough() && clock.nextDueMs !== undefined) clock.advance(clock.nextDueMs - clock.now())
  }
}

const ok: Answer = { status: 200, body: { kind: 'SyncTarget' } }
const refused: Answer = {
  status: 401,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: 'Unauthorized',
    reason: 'Unauthorized',
    code: 401,
  },
}

test('a heartbeat names the uid it is meant for', async () => {
  const { asked, clock, ...rest } = scripted([ok])
  const stop = new AbortController()
  const beating = runHeartbeat({ ...rest, clock, name: 'east', uid: 'u' }, stop.signal)
  await runUntil(clock, () => asked.length === 3)
  stop.abort()
  await beating
  assert.equal(asked[0]?.request.path, '/apis/workload.kcp.io/v1alpha1/synctargets/east/status')
  assert.equal(asked[0]?.request.headers['content-type'], 'application/json-patch+json')
  assert.deepEqual(JSON.parse(String(asked[0]?.request.body)), [
    { op: 'test', path: '/metadata/uid', value: 'u' },
    { op: 'replace', path: '/status/lastSyncerHeartbeatTime', value: '2026-01-02T03:04:05Z' },
  ])
  assert.deepEqual(
    asked.map(({ atMs }) => atMs),
    [0, 20_000, 40_000],
  )
})

test('a refused heartbeat is told once and repeated soon', async () => {
  const { asked, clock, errors, ...rest } = scripted([refused, refused, refused, ok])
  const stop = new AbortController()
  const beating = runHeartbeat({ ...rest, clock, name: 'east', uid: 'u' }, stop.signal)
  await runUntil(clock, () => asked.length === 5)
  stop.abort()
  await beating
  assert.deepEqual(errors, ['Unauthorized'])
  assert.deepEqual(
    asked.map(({ atMs }) => atMs),
    [0, 1000, 3000, 7000, 27_000],
  )
})

test('the SyncTarget is waited for with growing pauses, each problem told once', async () => {
  const other = { metadata: { name: 'east', uid: 'other' } }
  const metadata = { name: 'east', uid: 'u', annotations: { 'kcp.io/cluster': 'c' } }
  const complete = { metadata, status: { virtualWorkspaces: [{ syncerURL: 'https://s', upsyncerURL: 'https://u' }] } }
  const answers = [refused, refused, { status: 200, body: other }, { status: 200, body: { metadata } }]
  const { asked, clock, errors, ...rest } = scripted([...answers, { status: 200, body: complete }])
  const { signal } = new AbortController()
  const waiting = waitForSyncTarget({ ...rest, clock, name: 'east', uid: 'u', signal })
  await runUntil(clock, () => asked.length === 5)
  assert.equal((await waiting)?.syncerUrl, 'https://s')
  assert.deepEqual(errors, [
    'Unauthorized',
    'unexpected SyncTarget UID other, expected u, refusing to sync',
    'the SyncTarget has no virtual workspace URL yet',
  ])
  assert.deepEqual(
    asked.map(({ atMs }) => atMs),
    [0, 1000, 3000, 7000, 8000],
  )
})
