import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Committer, DiskFullError, type OpenCommitter, openCommitterInPlace } from './committer.ts'
import { historyMsMin, openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts'
import type { Store, StoreError } from './store.ts'

type TestBody = (store: Store, directory: string) => Promise<void>

async function withStore(options: Omit<SqliteStoreOptions, 'directory'>, body: TestBody): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sqlite-store-'))
  const store = await openSqliteStore({ openCommitter: openCommitterInPlace, ...options, directory })
  try {
    await body(store, directory)
  } finally {
    await store[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  }
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(97)

/** A committer whose steps can be seen, delayed or made to fail. */
function wrapping(change: (inner: Committer) => Partial<Committer>): OpenCommitter {
  return async files => {
    const inner = await openCommitterInPlace(files)
    return { ...inner, ...change(inner) }
  }
}

test('history is forgotten by age, a part with each batch, and never the younger part', async () => {
  let nowMs = 1_000_000_000
  await withStore({ now: () => new Date(nowMs) }, async store => {
    const writeBatch = (name: string, count: number): Promise<unknown> =>
      Promise.all(Array.from({ length: count }, (_, i) => store.create(`/${name}/${i}`, bytes(10))))
    await writeBatch('old', 150)
    nowMs += historyMsMin
    await writeBatch('young', 10)
    assert.equal(store.compactedRevision, 0)
    nowMs += 1
    await writeBatch('next', 1)
    assert.equal(store.compactedRevision, 64)
    await writeBatch('after', 40)
    assert.equal(store.compactedRevision, 144)
    await writeBatch('last', 1)
    await writeBatch('very last', 1)
    assert.equal(store.compactedRevision, 150)
    assert.equal((await store.list('/old/')).items.length, 150)
    assert.equal((await store.list('/', { revision: 155 })).items.length, 155)
  })
})

test('updates and deletions give their space back to the disk', async () => {
  let nowMs = 1_000_000_000
  const options = { now: () => new Date(nowMs) }
  await withStore(options, async (store, directory) => {
    for (let round = 0; round < 8; round++) {
      const keys = Array.from({ length: 500 }, (_, i) => `/k/${i}`)
      const revisions = await Promise.all(keys.map(key => store.create(key, bytes(4_000))))
      await Promise.all(keys.map((key, i) => store.delete(key, revisions[i] ?? 0)))
    }
    const sizeBefore = statSync(join(directory, 'store.db')).size
    assert.ok(sizeBefore > 10_000_000, `${sizeBefore}`)
    nowMs += historyMsMin + 1
    for (let i = 0; i < 30; i++)
      await Promise.all(Array.from({ length: 200 }, (_, k) => store.create(`/s/${i}/${k}`, bytes(1))))
    await store.compact(store.revision)
    await store[Symbol.asyncDispose]()
    const sizeAfter = statSync(join(directory, 'store.db')).size
    assert.ok(sizeAfter < 6_000_000, `${sizeBefore} → ${sizeAfter}`)
  })
})

test('all writes of one turn are one commit, and those that come meanwhile the next', async () => {
  const batches: number[] = []
  const openCommitter = wrapping(inner => ({
    async commit(batch) {
      batches.push(batch.writes.length)
      await new Promise(resolve => setImmediate(resolve))
      return inner.commit(batch)
    },
  }))
  await withStore({ openCommitter }, async store => {
    const first = Promise.all(Array.from({ length: 20 }, (_, i) => store.create(`/a/${i}`, bytes(1))))
    await new Promise(resolve => setImmediate(resolve))
    const second = Promise.all(Array.from({ length: 7 }, (_, i) => store.create(`/b/${i}`, bytes(1))))
    await Promise.all([first, second])
    assert.deepEqual(batches, [20, 7])
  })
})

test('an acknowledgement and an event follow the commit, and nothing is read before it', async () => {
  const order: string[] = []
  let letGo = (): void => {}
  const openCommitter = wrapping(inner => ({
    async commit(batch) {
      order.push('commit begins')
      await new Promise<void>(resolve => {
        letGo = resolve
      })
      const result = await inner.commit(batch)
      order.push('commit returned')
      return result
    },
  }))
  await withStore({ openCommitter }, async store => {
    const iterator = store.watch('/', 0, new AbortController().signal)[Symbol.asyncIterator]()
    const event = iterator.next().then(() => order.push('event'))
    const write = store.create('/a', bytes(1)).then(() => order.push('acknowledged'))
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    assert.equal(await store.get('/a'), undefined)
    assert.deepEqual(await store.list('/'), { items: [], revision: 0, remaining: 0 })
    assert.equal(store.revision, 0)
    assert.deepEqual(order, ['commit begins'])
    letGo()
    await Promise.all([write, event])
    assert.deepEqual(order.slice(0, 2), ['commit begins', 'commit returned'])
    assert.deepEqual(order.slice(2).toSorted(), ['acknowledged', 'event'])
  })
})

test('a full disk refuses the batch, and the store goes on', async () => {
  let full = true
  const openCommitter = wrapping(inner => ({
    commit: batch => (full ? Promise.reject(new DiskFullError('database or disk is full')) : inner.commit(batch)),
  }))
  await withStore({ openCommitter }, async store => {
    await assert.rejects(store.create('/a', bytes(1)), /disk is full/)
    full = false
    assert.equal(await store.create('/a', bytes(1)), 1)
  })
})

test('after a failed commit nothing more is written, reads go on, and the owner is told', async () => {
  let broken = false
  let told: StoreError | undefined
  const openCommitter = wrapping(inner => ({
    commit: batch => (broken ? Promise.reject(new Error('disk I/O error')) : inner.commit(batch)),
  }))
  const onFailure = (error: StoreError): void => {
    told = error
  }
  await withStore({ openCommitter, onFailure }, async store => {
    await store.create('/a', bytes(1))
    broken = true
    await assert.rejects(store.create('/b', bytes(1)), { code: 'Unusable', message: /disk I\/O error/ })
    broken = false
    await assert.rejects(store.create('/c', bytes(1)), { code: 'Unusable' })
    assert.equal(told?.code, 'Unusable')
    assert.equal((await store.list('/')).items.length, 1)
  })
})

test('closing commits what waits, and refuses what comes later', async () => {
  await withStore({}, async store => {
    const write = store.create('/a', bytes(1))
    const closed = store[Symbol.asyncDispose]()
    await assert.rejects(store.create('/b', bytes(1)), { code: 'Unusable', message: 'the store is closed' })
    assert.equal(await write, 1)
    await closed
  })
})

test('reads of one turn share a state, until a write of this process is acknowledged', async () => {
  await withStore({}, async store => {
    await store.create('/a', bytes(1))
    let seen: number | undefined
    const written = store.update('/a', bytes(2), 1).then(async () => {
      seen = (await store.get('/a'))?.value.length
    })
    setImmediate(() => void store.get('/a'))
    await written
    assert.equal(seen, 2)
    assert.equal((await store.list('/')).items[0]?.value.length, 2)
  })
})

test('lists give every key its own bytes, whatever they are and however many', async () => {
  await withStore({}, async store => {
    const values = new Map<string, Uint8Array>()
    for (let i = 0; i < 450; i++) {
      const key = `/some/${i % 3 === 0 ? 'ä"\\\n' : 'x'}${i}`
      values.set(
        key,
        Uint8Array.from({ length: i % 7 === 0 ? 0 : i % 300 }, (_, at) => (at * 131 + i) % 256),
      )
    }
    await Promise.all([...values].map(([key, value]) => store.create(key, value)))
    await Promise.all(
      [...values.keys()].slice(0, 20).map(async key => store.delete(key, (await store.get(key))?.revision ?? 0)),
    )
    for (const key of [...values.keys()].slice(0, 20)) values.delete(key)
    const keys = [...values.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const limit of [0, 1, 199, 200, 201, 400, 429, 430, 431, 10_000]) {
      const { items } = await store.list('/some/', { limit })
      const expected = keys.slice(0, limit || keys.length)
      assert.deepEqual(
        items.map(each => each.key),
        expected,
      )
      for (const { key, value, revision } of items) {
        assert.equal(Buffer.compare(value, values.get(key) ?? Buffer.alloc(0)), 0)
        if (limit === 0) assert.equal((await store.get(key))?.revision, revision)
      }
    }
    assert.deepEqual((await store.list('/none/', {})).items, [])
  })
})
