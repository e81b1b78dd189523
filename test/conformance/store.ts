// What every store driver must do. `reopen` is called between writing and looking: a durable driver may close its files
// and open them again there.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Store, StoreError, type StoreErrorCode, type StoreEvent } from '../../kcp/storage/store.ts'
import type { WatchHubLimits } from '../../kcp/storage/watch-hub.ts'
import { modelConformance } from './store-model.ts'
import { watchConformance } from './store-watch.ts'

export interface StoreFixture {
  readonly store: Store
  reopen(): Promise<void>
  dispose(): Promise<void>
}

export type OpenStore = (options?: WatchHubLimits) => Promise<StoreFixture>

export function storeConformance(driver: string, open: OpenStore): void {
  describe(`store: ${driver}`, () => {
    const check = checkWith(open)
    describe('writes', () => writeConformance(check))
    describe('lists', () => listConformance(check))
    describe('past revisions', () => pastConformance(check))
    describe('watches', () => watchConformance(check))
    modelConformance(check)
  })
}

export type Check = (title: string, body: (fixture: StoreFixture) => Promise<void>, options?: WatchHubLimits) => void

function checkWith(open: OpenStore): Check {
  return (title, body, options) => {
    test(title, async () => {
      const fixture = await open(options)
      try {
        await body(fixture)
      } finally {
        await fixture.dispose()
      }
    })
  }
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
export const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString()

export async function fails(promise: Promise<unknown>, code: StoreErrorCode, revision?: number): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error))
    assert.equal(error.code, code)
    if (revision !== undefined) assert.equal(error.revision, revision)
    return true
  })
}

/** `type key@revision value<previous`, short enough to compare whole histories. */
export function line(event: StoreEvent): string {
  const previous = event.previous ? `<${text(event.previous)}` : ''
  return `${event.type} ${event.key}@${event.revision} ${text(event.value)}${previous}`
}

async function listed(store: Store, ...args: Parameters<Store['list']>): Promise<string[]> {
  const { items } = await store.list(...args)
  return items.map(item => `${item.key}@${item.revision} ${text(item.value)}`)
}

function writeConformance(check: Check): void {
  check('an empty store has revision 0 and nothing in it', async f => {
    assert.equal(f.store.revision, 0)
    assert.equal(f.store.compactedRevision, 0)
    assert.equal(await f.store.get('/a'), undefined)
    assert.deepEqual(await f.store.list(''), { items: [], revision: 0, remaining: 0 })
  })

  check('each write takes the next revision of one counter', async f => {
    assert.equal(await f.store.create('/a', bytes('1')), 1)
    assert.equal(await f.store.create('/b', bytes('2')), 2)
    await f.reopen()
    assert.equal(f.store.revision, 2)
    assert.equal(await f.store.update('/a', bytes('3'), 1), 3)
    assert.equal(await f.store.delete('/b', 2), 4)
    await f.reopen()
    assert.equal(f.store.revision, 4)
    assert.deepEqual(await listed(f.store, '/'), ['/a@3 3'])
    assert.equal(await f.store.create('/b', bytes('4')), 5)
  })

  check('a write whose condition does not hold changes nothing', async f => {
    await f.store.create('/a', bytes('1'))
    await f.store.update('/a', bytes('2'), 1)
    await fails(f.store.create('/a', bytes('x')), 'KeyExists')
    await fails(f.store.update('/a', bytes('x'), 1), 'RevisionMismatch', 2)
    await fails(f.store.delete('/a', 1), 'RevisionMismatch', 2)
    await fails(f.store.update('/none', bytes('x'), 1), 'KeyNotFound')
    await fails(f.store.delete('/none', 1), 'KeyNotFound')
    await f.reopen()
    assert.equal(f.store.revision, 2)
    assert.deepEqual(await listed(f.store, '/'), ['/a@2 2'])
  })

  check('a deleted key is as if never created', async f => {
    await f.store.create('/a', bytes('1'))
    await f.store.delete('/a', 1)
    await fails(f.store.delete('/a', 1), 'KeyNotFound')
    await fails(f.store.update('/a', bytes('2'), 2), 'KeyNotFound')
    assert.equal(await f.store.get('/a'), undefined)
    assert.equal(await f.store.create('/a', bytes('2')), 3)
    await f.reopen()
    assert.equal(text((await f.store.get('/a'))?.value), '2')
  })

  check('of many writers of one revision exactly one wins', async f => {
    await f.store.create('/a', bytes('0'))
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => f.store.update('/a', bytes(`${i}`), 1)),
    )
    const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [{ i, revision: result.value }] : []))
    assert.equal(won.length, 1)
    assert.deepEqual(await listed(f.store, '/a'), [`/a@${won[0]?.revision} ${won[0]?.i}`])
    assert.equal(f.store.revision, 2)
  })

  check('writes of one turn keep their order', async f => {
    const results = await Promise.all([
      f.store.create('/a', bytes('1')),
      f.store.update('/a', bytes('2'), 1),
      f.store.delete('/a', 2),
      f.store.create('/a', bytes('3')),
    ])
    assert.deepEqual(results, [1, 2, 3, 4])
    await f.reopen()
    assert.deepEqual(await listed(f.store, '/'), ['/a@4 3'])
  })

  check('a resolved write is seen by the next read, and by the revision of the store', async f => {
    for (let i = 1; i <= 20; i++) {
      const revision = await f.store.create(`/k${i}`, bytes(`${i}`))
      assert.ok(f.store.revision >= revision)
      assert.equal((await f.store.get(`/k${i}`))?.revision, revision)
      assert.equal((await f.store.list('/')).revision, revision)
    }
  })

  check('values are any bytes: empty, zeros, a slice of a pool, a megabyte', async f => {
    const pool = Buffer.from('-----slice-----')
    const values = [
      new Uint8Array(),
      new Uint8Array([0, 255, 0]),
      pool.subarray(5, 10),
      new Uint8Array(1 << 20).fill(7),
    ]
    await Promise.all(values.map((value, i) => f.store.create(`/${i}`, value)))
    await f.reopen()
    for (const [i, value] of values.entries()) {
      const stored = await f.store.get(`/${i}`)
      assert.deepEqual(Buffer.from(stored?.value ?? []), Buffer.from(value))
    }
  })

  check('a key is any text', async f => {
    const keys = ['/__proto__', '/ü', '/a\u0000b', "/'; DROP TABLE log; --", '/%', '/a_b', '/😀']
    await Promise.all(keys.map(key => f.store.create(key, bytes(key))))
    await f.reopen()
    for (const key of keys) assert.equal(text((await f.store.get(key))?.value), key)
    assert.equal((await f.store.list('/a')).items.length, 2)
    assert.equal((await f.store.list('/%')).items.length, 1)
  })
}

function listConformance(check: Check): void {
  check('a prefix is exact, and its keys come in order of their bytes', async f => {
    const keys = ['/a/z', '/a/😀', '/a/\uffee', '/a/B', '/a/a', '/a/a/b', '/a', '/a0', '/b/a', '/A/a']
    for (const key of keys) await f.store.create(key, bytes('v'))
    await f.reopen()
    const found = (await f.store.list('/a/')).items.map(item => item.key)
    assert.deepEqual(found, ['/a/B', '/a/a', '/a/a/b', '/a/z', '/a/\uffee', '/a/😀'])
    const all = (await f.store.list('')).items.map(item => item.key)
    assert.deepEqual(
      all,
      [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    )
  })

  check('pages follow each other without gap or overlap, with what remains', async f => {
    for (let i = 0; i < 25; i++) await f.store.create(`/p/${String(i).padStart(2, '0')}`, bytes(`${i}`))
    await f.store.create('/q', bytes('not listed'))
    await f.reopen()
    const seen: string[] = []
    const remaining: number[] = []
    for (let start: string | undefined = '/p/'; start !== undefined; ) {
      const page = await f.store.list('/p/', { start, limit: 10 })
      seen.push(...page.items.map(item => item.key))
      remaining.push(page.remaining)
      start = page.remaining > 0 ? `${page.items.at(-1)?.key}\u0000` : undefined
    }
    assert.equal(new Set(seen).size, 25)
    assert.deepEqual(seen, seen.toSorted())
    assert.deepEqual(remaining, [15, 5, 0])
  })

  check('a limit as large as the list leaves nothing, and start before the prefix begins with the prefix', async f => {
    for (const key of ['/a', '/b/1', '/b/2', '/c']) await f.store.create(key, bytes(key))
    assert.equal((await f.store.list('/b/', { limit: 2 })).remaining, 0)
    assert.equal((await f.store.list('/b/', { limit: 1 })).remaining, 1)
    assert.deepEqual(await listed(f.store, '/b/', { start: '/a' }), ['/b/1@2 /b/1', '/b/2@3 /b/2'])
    assert.deepEqual(await listed(f.store, '/b/', { start: '/c' }), [])
  })
}

function pastConformance(check: Check): void {
  async function history(store: Store): Promise<void> {
    await store.create('/a', bytes('a1')) // 1
    await store.create('/b', bytes('b2')) // 2
    await store.update('/a', bytes('a3'), 1) // 3
    await store.delete('/b', 2) // 4
    await store.create('/b', bytes('b5')) // 5
    await store.create('/c', bytes('c6')) // 6
    await store.delete('/a', 3) // 7
  }
  const states = [
    [],
    ['/a@1 a1'],
    ['/a@1 a1', '/b@2 b2'],
    ['/a@3 a3', '/b@2 b2'],
    ['/a@3 a3'],
    ['/a@3 a3', '/b@5 b5'],
    ['/a@3 a3', '/b@5 b5', '/c@6 c6'],
    ['/b@5 b5', '/c@6 c6'],
  ]

  check('every revision that is not compacted can be read', async f => {
    await history(f.store)
    await f.reopen()
    for (const [revision, state] of states.entries()) {
      assert.deepEqual(await listed(f.store, '/', { revision }), state, `at ${revision}`)
      assert.equal((await f.store.list('/', { revision })).revision, revision)
      for (const key of ['/a', '/b', '/c']) {
        const found = await f.store.get(key, { revision })
        const want = state.find(item => item.startsWith(`${key}@`))
        assert.equal(found && `${key}@${found.revision} ${text(found.value)}`, want)
      }
      const page = await f.store.list('/', { revision, limit: 1 })
      assert.equal(page.remaining, Math.max(state.length - 1, 0))
      const rest = await listed(f.store, '/', { revision, start: '/a\u0000', limit: 5 })
      assert.deepEqual(
        rest,
        state.filter(item => !item.startsWith('/a@')),
      )
    }
  })

  check('a revision not yet written is FutureRevision', async f => {
    await history(f.store)
    await fails(f.store.get('/a', { revision: 8 }), 'FutureRevision', 7)
    await fails(f.store.list('/', { revision: 8 }), 'FutureRevision', 7)
    await fails(f.store.compact(8), 'FutureRevision', 7)
  })

  for (const compacted of [1, 2, 3, 4, 5, 6, 7]) {
    check(`after compaction to ${compacted} older revisions are Compacted, others are unchanged`, async f => {
      await history(f.store)
      await f.store.compact(compacted)
      await f.reopen()
      assert.equal(f.store.compactedRevision, compacted)
      assert.equal(f.store.revision, 7)
      for (const [revision, state] of states.entries()) {
        if (revision < compacted) {
          await fails(f.store.list('/', { revision }), 'Compacted', compacted)
          await fails(f.store.get('/a', { revision }), 'Compacted', compacted)
        } else assert.deepEqual(await listed(f.store, '/', { revision }), state, `at ${revision}`)
      }
      assert.deepEqual(await listed(f.store, '/'), states[7])
      await f.store.compact(Math.max(compacted - 1, 0))
      assert.equal(f.store.compactedRevision, compacted)
      assert.equal(await f.store.create('/a', bytes('a8')), 8)
      assert.deepEqual(await listed(f.store, '/a', { revision: 7 }), [])
      assert.deepEqual(await listed(f.store, '/a', { revision: 8 }), ['/a@8 a8'])
    })
  }
}
