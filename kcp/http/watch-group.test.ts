import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configMaps } from '../../test/harness/resource-types.ts'
import { everything } from '../registry/selection.ts'
import { watchObjects } from '../registry/watch.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import type { Store } from '../storage/store.ts'
import { createWatchGroups, type LineForm, type WatchGroups } from './watch-group.ts'
import { WatchLines } from './watch-lines.ts'

const range = { type: configMaps, cluster: 'root', namespace: 'default', allIdentities: false }
const key = { type: configMaps, text: '' }
let encoded = 0
const form: LineForm = {
  encode(batch) {
    encoded++
    return Buffer.from(batch.items.map(({ stored }) => `${stored.revision},`).join(''))
  },
  bookmark: revision => Buffer.from(`b${revision},`),
}

interface Started {
  readonly store: Store
  readonly groups: WatchGroups
}

function start(): Started {
  return { store: createMemoryStore(), groups: createWatchGroups() }
}

function open({ store, groups }: Started, after: number, options = { timeoutMs: 1e9, bookmarks: false }): WatchLines {
  const watch = watchObjects(store, range, { selection: everything, resourceVersion: String(after) })
  return new WatchLines({ watch, form, groups, key, request: { ...options, sendsInitialState: false } })
}

function takeAll(lines: WatchLines): string {
  let text = ''
  for (let piece = lines.take(); piece; piece = lines.take()) text += Buffer.from(piece).toString()
  return text
}

const create = (store: Store, name: string | number) =>
  store.create(`/registry/core/configmaps/root/default/${name}`, Buffer.from('{"metadata":{}}'))
const revisions = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => `${from + i + 1},`).join('')

describe('watches of the same', () => {
  test('join when they have caught up, and an event is made into bytes once', async () => {
    const started = start()
    for (let i = 0; i < 3; i++) await create(started.store, i)
    const all = [1, 2, 3].map(after => open(started, after))
    assert.deepEqual(all.map(takeAll), ['2,3,', '3,', ''])
    encoded = 0
    await create(started.store, 'later')
    assert.deepEqual(all.map(takeAll), ['4,', '4,', '4,'])
    assert.equal(encoded, 1)
  })

  test('each see every event after their revision once and in order, whenever they come, take and go', async () => {
    let seed = 11
    const below = (limit: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % limit
    }
    const started = start()
    await create(started.store, 'first')
    const open_: { readonly lines: WatchLines; readonly after: number; text: string }[] = []
    for (let step = 0; step < 2_000; step++) {
      const choice = below(10)
      if (choice < 4) await create(started.store, step)
      else if (choice < 6) {
        const after = Math.max(1, started.store.revision - below(5))
        open_.push({ lines: open(started, after), after, text: '' })
      } else if (choice < 9) {
        for (const each of open_) if (below(3) === 0) each.text += takeAll(each.lines)
      } else if (open_.length > 5) {
        const [gone] = open_.splice(below(open_.length), 1)
        gone?.lines.close()
        assert.ok(gone && revisions(gone.after, started.store.revision).startsWith(gone.text))
      }
    }
    for (const each of open_) {
      assert.equal(each.text + takeAll(each.lines), revisions(each.after, started.store.revision))
    }
  })

  test('that are woken have something to take', async () => {
    const started = start()
    await create(started.store, 'first')
    const lines = open(started, 1)
    let woken = 0
    lines.onReady(() => woken++)
    assert.equal(takeAll(lines), '')
    for (let i = 0; i < 3; i++) {
      await create(started.store, i)
      assert.equal(woken, i + 1)
      takeAll(lines)
    }
  })

  test('get bookmarks of what they have seen', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const started = start()
    await create(started.store, 'first')
    const [marked, plain] = [open(started, 1, { timeoutMs: 90_000, bookmarks: true }), open(started, 1)]
    assert.deepEqual([marked, plain].map(takeAll), ['', ''])
    await create(started.store, 'second')
    await started.store.create('/registry/core/secrets/root/default/a', Buffer.from('{}'))
    t.mock.timers.tick(60_000)
    assert.deepEqual([marked, plain].map(takeAll), ['2,b3,', '2,'])
    t.mock.timers.tick(28_000)
    assert.deepEqual([marked, plain].map(takeAll), ['b3,', ''])
    t.mock.timers.tick(2_000)
    assert.deepEqual([marked.isOver(), plain.isOver()], [true, false])
  })

  test('are cut one by one: who is too far behind ends with an error, the others go on', async () => {
    const started = start()
    await create(started.store, 'first')
    const [slow, quick] = [open(started, 1), open(started, 1)]
    assert.deepEqual([slow, quick].map(takeAll), ['', ''])
    let seen = ''
    for (let i = 0; i < 10_001; i++) {
      await create(started.store, i)
      seen += takeAll(quick)
    }
    assert.equal(seen, revisions(1, 10_002))
    assert.equal(slow.isOver(), false)
    const last = JSON.parse(takeAll(slow))
    assert.deepEqual([last.type, last.object.code, last.object.reason], ['ERROR', 410, 'Expired'])
    assert.deepEqual([slow.isOver(), quick.isOver()], [true, false])
  })

  test('are cut for bytes too', async () => {
    const started = start()
    await create(started.store, 'first')
    const large = { ...form, encode: () => Buffer.alloc(20 * 1024 * 1024) }
    const watch = watchObjects(started.store, range, { selection: everything, resourceVersion: '1' })
    const request = { timeoutMs: 1e9, bookmarks: false, sendsInitialState: false }
    const slow = new WatchLines({ watch, form: large, groups: started.groups, key, request })
    assert.equal(slow.take(), undefined)
    for (let i = 0; i < 2; i++) await create(started.store, i)
    assert.match(takeAll(slow), /"code":410/)
  })

  test('end with the store, and the first one may leave before the others', async () => {
    const started = start()
    await create(started.store, 'first')
    const all = [open(started, 1), open(started, 1)]
    all.map(takeAll)
    let ended = 0
    for (const each of all) each.onEnd = () => ended++
    all[0]?.close()
    await create(started.store, 'second')
    assert.deepEqual(all.map(takeAll), ['', '2,'])
    await started.store[Symbol.asyncDispose]()
    assert.deepEqual([all[1]?.isOver(), ended], [true, 2])
  })
})
