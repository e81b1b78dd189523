import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../log.ts'
import { createManualClock } from '../manual-clock.ts'
import { backoffMs, itemBackoff } from './backoff.ts'
import { type ReconcileResult, Terminal } from './controller.ts'
import { runController } from './run-controller.ts'
import { createWorkQueue } from './work-queue.ts'

const newQueue = () => {
  const clock = createManualClock()
  return { clock, queue: createWorkQueue({ clock, random: () => 1 }) }
}

test('keys come out once, in the order they came', async () => {
  const { queue } = newQueue()
  for (const key of ['a', 'b', 'a', 'c']) queue.add(key)
  assert.deepEqual([await queue.take(), await queue.take(), await queue.take()], ['a', 'b', 'c'])
  assert.equal(queue.length, 0)
})

test('a key added while it is worked on comes back after done, never to a second worker', async () => {
  const { queue } = newQueue()
  queue.add('a')
  await queue.take()
  queue.add('a')
  assert.equal(queue.length, 0)
  queue.done('a')
  assert.equal(queue.length, 1)
  assert.equal(await queue.take(), 'a')
})

test('a delayed key keeps its earliest time, and an immediate add overtakes it', async () => {
  const { clock, queue } = newQueue()
  queue.addAfter('a', 100)
  queue.addAfter('a', 50)
  queue.addAfter('a', 200)
  clock.advance(50)
  assert.equal(queue.length, 1)
  assert.equal(clock.nextDueMs, undefined)
  queue.addAfter('b', 100)
  queue.add('b')
  assert.equal(clock.nextDueMs, undefined)
  assert.equal(queue.length, 2)
})

test('back-off doubles up to its limit and starts again after forget', () => {
  const { clock, queue } = newQueue()
  const delays: number[] = []
  for (let i = 0; i < 15; i++) {
    queue.addRateLimited('a')
    const dueMs = clock.nextDueMs ?? Number.NaN
    delays.push(dueMs - clock.now())
    clock.advance(dueMs - clock.now())
    void queue.take()
    queue.done('a')
  }
  assert.deepEqual(delays.slice(0, 4), [5, 10, 20, 40])
  assert.equal(delays.at(-1), 30_000)
  queue.forget('a')
  queue.addRateLimited('a')
  assert.equal((clock.nextDueMs ?? 0) - clock.now(), 5)
  assert.ok(backoffMs(1000, itemBackoff, 0) <= itemBackoff.maxMs)
})

test('close wakes the workers and drops what waits', async () => {
  const { queue } = newQueue()
  const waiting = queue.take()
  queue.close()
  assert.equal(await waiting, undefined)
  queue.add('a')
  assert.equal(await queue.take(), undefined)
  assert.ok(queue.isIdle)
})

test('the loop knows four ends: done, later, failed, terminal', async () => {
  const { clock, queue } = newQueue()
  const abort = new AbortController()
  const seen: string[] = []
  const outcomes: Record<string, () => ReconcileResult | undefined> = {
    done: () => undefined,
    later: () => ({ requeueAfterMs: 70 }),
    failed: () => {
      throw new Error('no')
    },
    terminal: () => {
      throw new Terminal('never')
    },
  }
  for (const key of Object.keys(outcomes)) queue.add(key)
  const idle = Promise.withResolvers<void>()
  const loop = runController({
    name: 'test',
    queue,
    log: silentLog,
    signal: abort.signal,
    workers: 1,
    reconcile: async key => {
      seen.push(key)
      if (seen.length === 4) setImmediate(idle.resolve)
      return outcomes[key]?.()
    },
  })
  await idle.promise
  assert.deepEqual(seen, ['done', 'later', 'failed', 'terminal'])
  assert.equal(queue.failures('failed'), 1)
  assert.equal(clock.nextDueMs, 5)
  clock.advance(69)
  abort.abort()
  await loop
})
