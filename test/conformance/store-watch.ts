// The part of the store's conformance that is about watches.
import assert from 'node:assert/strict'
import type { EventBatch, Store, StoreEvent, StoreWatch } from '../../kcp/storage/store.ts'
import { bytes, type Check, fails, line, text } from './store.ts'

/** Reads until the wanted number of events came. */
async function take(watch: StoreWatch, count: number): Promise<StoreEvent[]> {
  const events: StoreEvent[] = []
  if (count === 0) return events
  for await (const batch of watch) {
    events.push(...batch.events)
    if (events.length >= count) break
  }
  return events
}

async function takeLines(watch: StoreWatch, count: number): Promise<string[]> {
  return (await take(watch, count)).map(line)
}

async function nextBatch(iterator: AsyncIterator<EventBatch>): Promise<EventBatch> {
  const result = await iterator.next()
  assert.ok(!result.done)
  return result.value
}

async function fill(store: Store, count: number): Promise<void> {
  const from = store.revision
  await Promise.all(Array.from({ length: count }, (_, i) => store.create(`/f/${from + i}`, bytes(`${from + i}`))))
}

export function watchConformance(check: Check): void {
  resumeConformance(check)
  liveConformance(check)
  endConformance(check)
}

const signalOf = (): AbortSignal => new AbortController().signal

function resumeConformance(check: Check): void {
  const lines = ['put /a@1 1', 'put /b@2 2', 'put /a@3 3<1', 'delete /b@4 2<2', 'put /b@5 5']
  async function history(store: Store): Promise<void> {
    await store.create('/a', bytes('1'))
    await store.create('/b', bytes('2'))
    await store.update('/a', bytes('3'), 1)
    await store.delete('/b', 2)
    await store.create('/b', bytes('5'))
  }

  check('a watch after a revision gets everything after it, old and new alike', async f => {
    await history(f.store)
    await f.reopen()
    for (let after = 0; after < lines.length; after++) {
      assert.deepEqual(await takeLines(f.store.watch('/', after, signalOf()), 5 - after), lines.slice(after))
    }
    const live = f.store.watch('/', 5, signalOf())
    const taken = takeLines(live, 2)
    await f.store.delete('/a', 3)
    await f.store.create('/a', bytes('7'))
    assert.deepEqual(await taken, ['delete /a@6 3<3', 'put /a@7 7'])
  })

  check('the prefix is exact, in history and live', async f => {
    const prefixes = ['', '/', '/x/', '/x/a', '/x/a/', '/x/ab', 'none']
    const keys = ['/x/a', '/x/ab', '/x/a/1', '/x/b', '/xa', '/y/a', '/x/']
    const watches = prefixes.map(prefix => f.store.watch(prefix, 0, signalOf()))
    const expected = prefixes.map(prefix => keys.filter(key => key.startsWith(prefix)))
    const live = watches.map((watch, i) => take(watch, expected[i]?.length ?? 0))
    for (const key of keys) await f.store.create(key, bytes('v'))
    const found = (await Promise.all(live)).map(events => events.map(event => event.key))
    assert.deepEqual(found, expected)
    await f.reopen()
    for (const [i, prefix] of prefixes.entries()) {
      const again = await take(f.store.watch(prefix, 0, signalOf()), expected[i]?.length ?? 0)
      assert.deepEqual(
        again.map(event => event.key),
        expected[i],
      )
    }
  })

  check('history before the compacted revision is Compacted, from it on it is whole', async f => {
    await history(f.store)
    await f.store.compact(3)
    await f.reopen()
    await fails(take(f.store.watch('/', 2, signalOf()), 1), 'Compacted', 3)
    await fails(take(f.store.watch('/', 0, signalOf()), 1), 'Compacted', 3)
    assert.deepEqual(await takeLines(f.store.watch('/', 3, signalOf()), 2), lines.slice(3))
    await f.store.compact(5)
    assert.deepEqual(
      (await f.store.list('/')).items.map(item => text(item.value)),
      ['3', '5'],
    )
    await f.store.update('/a', bytes('6'), 3)
    assert.deepEqual(await takeLines(f.store.watch('/', 5, signalOf()), 1), ['put /a@6 6<3'])
  })

  check('a long history is delivered in order while writes go on: none lost, none twice', async f => {
    await fill(f.store, 1_200)
    await f.reopen()
    const watch = f.store.watch('/f/', 100, signalOf())
    const seen: number[] = []
    const total = 2_000
    let written = f.store.revision
    let writing = Promise.resolve()
    for await (const batch of watch) {
      seen.push(...batch.events.map(event => event.revision))
      assert.ok(batch.revision >= (seen.at(-1) ?? 0))
      if (written < total) {
        written += 200
        writing = writing.then(() => fill(f.store, 200))
      }
      if (seen.length >= total - 100) break
    }
    await writing
    assert.deepEqual(
      seen,
      Array.from({ length: total - 100 }, (_, i) => 101 + i),
    )
  })

  check('a watch after a future revision begins there', async f => {
    await fill(f.store, 3)
    const taken = take(f.store.watch('/', 5, signalOf()), 2)
    await fill(f.store, 4)
    assert.deepEqual(
      (await taken).map(event => event.revision),
      [6, 7],
    )
  })
}

function liveConformance(check: Check): void {
  check('all watchers get the same event object', async f => {
    const first = take(f.store.watch('/', 0, signalOf()), 1)
    const second = take(f.store.watch('/k/', 0, signalOf()), 1)
    await f.store.create('/k/a', bytes('1'))
    assert.equal((await first)[0], (await second)[0])
  })

  check('an event comes before its write resolves, and only for writes that succeed', async f => {
    await f.store.create('/a', bytes('1'))
    const iterator = f.store.watch('/', 1, signalOf())[Symbol.asyncIterator]()
    const order: string[] = []
    const event = nextBatch(iterator).then(batch => order.push(`event ${batch.events.map(line)}`))
    await fails(f.store.create('/a', bytes('x')), 'KeyExists')
    await f.store.update('/a', bytes('2'), 1).then(revision => order.push(`write ${revision}`))
    await event
    assert.deepEqual(order.toSorted(), ['event put /a@2 2<1', 'write 2'])
  })

  check('an idle watch tells on request how far it has seen everything', async f => {
    const watch = f.store.watch('/quiet/', 0, signalOf())
    const iterator = watch[Symbol.asyncIterator]()
    const first = nextBatch(iterator)
    await fill(f.store, 10)
    watch.requestProgress()
    assert.deepEqual(await first, { events: [], revision: 10 })
    const second = nextBatch(iterator)
    await f.store.create('/quiet/a', bytes('1'))
    const batch = await second
    assert.deepEqual([batch.events.map(line), batch.revision], [['put /quiet/a@11 1'], 11])
    await f.reopen()
  })

  check('progress asked for before the first read follows the history', async f => {
    await fill(f.store, 3)
    const watch = f.store.watch('/f/', 0, signalOf())
    watch.requestProgress()
    const iterator = watch[Symbol.asyncIterator]()
    const history = await nextBatch(iterator)
    assert.equal(history.events.length, 3)
    assert.deepEqual(await nextBatch(iterator), { events: [], revision: 3 })
  })
}

function endConformance(check: Check): void {
  check('the signal ends a watch, waiting or not', async f => {
    const controller = new AbortController()
    const watches = ['/', '/f/', '/none'].map(prefix => takeAll(f.store.watch(prefix, 0, controller.signal)))
    await fill(f.store, 2)
    controller.abort()
    const counts = (await Promise.all(watches)).map(events => events.length)
    assert.equal(counts[2], 0)
    assert.equal((await takeAll(f.store.watch('/', 0, controller.signal))).length, 0)
  })

  check(
    'a reader that falls behind ends with TooSlow, others go on',
    async f => {
      const slow = f.store.watch('/f/', 0, signalOf())[Symbol.asyncIterator]()
      const started = nextBatch(slow)
      const other = take(f.store.watch('/f/', 0, signalOf()), 31)
      await f.store.create('/f/first', bytes('1'))
      await started
      for (let i = 0; i < 3; i++) await fill(f.store, 10)
      await fails(slow.next(), 'TooSlow')
      assert.equal((await slow.next()).done, true)
      assert.equal((await other).length, 31)
    },
    { bufferedEventsMax: 20 },
  )

  check(
    'a reader that is too many bytes behind ends too, but never for one event',
    async f => {
      const slow = f.store.watch('/f/', 0, signalOf())[Symbol.asyncIterator]()
      const started = nextBatch(slow)
      await f.store.create('/f/first', bytes('1'))
      await started
      const large = bytes('x'.repeat(2000))
      await f.store.create('/f/large', large)
      assert.equal((await nextBatch(slow)).events.length, 1)
      for (let i = 0; i < 2; i++) await f.store.create(`/f/large-${i}`, large)
      await fails(slow.next(), 'TooSlow')
    },
    { bufferedBytesMax: 3000 },
  )

  check('closing the store ends its watches', async f => {
    const waiting = takeAll(f.store.watch('/', 0, signalOf()))
    const one = f.store.watch('/', 0, signalOf())[Symbol.asyncIterator]()
    const batch = nextBatch(one)
    await f.store.create('/a', bytes('1'))
    await batch
    await f.store[Symbol.asyncDispose]()
    assert.equal((await one.next()).done, true)
    await waiting
    assert.deepEqual(await takeAll(f.store.watch('/', 0, signalOf())), [])
  })
}

async function takeAll(watch: StoreWatch): Promise<StoreEvent[]> {
  const events: StoreEvent[] = []
  for await (const batch of watch) events.push(...batch.events)
  return events
}
