import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../api-client/clock.ts'
import { silentLog } from '../../api-client/log.ts'
import { known, startLoop } from './loop.ts'

test('a loop ends with its signal, also while it waits for what will never be known', async () => {
  const stopping = new AbortController()
  const owned: Promise<void>[] = []
  const waits = Promise.withResolvers<void>()
  let decided = false
  const loop = startLoop(
    {
      log: silentLog,
      clock: systemClock,
      random: () => 0,
      signal: stopping.signal,
      own: each => owned.push(each),
    },
    {
      name: 'test',
      reconcile: async (_key, signal) => {
        waits.resolve()
        await known(new Promise(() => undefined), signal)
        decided = true
      },
    },
  )
  loop.add('a')
  await waits.promise
  stopping.abort()
  await Promise.all(owned)
  assert.equal(owned.length, 1)
  assert.equal(decided, false)
  assert.ok(loop.isIdle)
})

test('what is known is handed on', async () => {
  assert.equal(await known(Promise.resolve(7), new AbortController().signal), 7)
})
