// A random history, written to a store and to a list of states; then every readable past must be the same in both.
import assert from 'node:assert/strict'
import type { Store, StoreEvent } from '../../kcp/storage/store.ts'
import { createRandom } from './random.ts'
import { bytes, type Check, fails, line, text } from './store.ts'

const prefixes = ['', '/', '/busy/', '/quiet/', '/quiet/a', '/quiet/a/', '/none/']
const keys = ['/quiet/a', '/quiet/a/1', '/quiet/ab', '/quiet/b', ...Array.from({ length: 12 }, (_, i) => `/busy/${i}`)]

interface Model {
  /** By revision; the state is `key@revision value` by key. */
  readonly states: Map<string, string>[]
  readonly lines: { revision: number; key: string; line: string }[]
}

export function modelConformance(check: Check): void {
  for (const seed of [1, 2, 3]) {
    check(`a random history can be read and watched from everywhere (seed ${seed})`, async f => {
      const random = createRandom(seed)
      const model: Model = { states: [new Map()], lines: [] }
      await writeRandomly(f.store, model, 300, random)
      await compare(f.store, model, random)
      await f.store.compact(100 + Math.floor(random() * 150))
      await f.reopen()
      await compare(f.store, model, random)
      await writeRandomly(f.store, model, 150, random)
      await f.store.compact(f.store.compactedRevision + 30)
      await f.reopen()
      await compare(f.store, model, random)
      await f.store.compact(f.store.revision)
      await writeRandomly(f.store, model, 20, random)
      await compare(f.store, model, random)
    })
  }
}

async function writeRandomly(store: Store, model: Model, count: number, random: () => number): Promise<void> {
  for (let i = 0; i < count; i++) {
    // One write in eight is to a quiet key, so that narrow prefixes lie in much other history.
    const key = keys[Math.floor(random() * (random() < 0.125 ? 4 : keys.length))] ?? '/'
    const current = await store.get(key)
    const value = `${key}#${i}`
    const state = new Map(model.states.at(-1))
    const before = current ? `<${text(current.value)}` : ''
    if (current && random() < 0.3) {
      const revision = await store.delete(key, current.revision)
      state.delete(key)
      model.lines.push({ revision, key, line: `delete ${key}@${revision} ${text(current.value)}${before}` })
    } else {
      const written = current ? store.update(key, bytes(value), current.revision) : store.create(key, bytes(value))
      const revision = await written
      state.set(key, `${key}@${revision} ${value}`)
      model.lines.push({ revision, key, line: `put ${key}@${revision} ${value}${before}` })
    }
    model.states.push(state)
  }
}

async function compare(store: Store, model: Model, random: () => number): Promise<void> {
  assert.equal(store.revision, model.states.length - 1)
  for (let revision = store.compactedRevision; revision <= store.revision; revision += 1 + Math.floor(random() * 9)) {
    const state = model.states[revision] ?? new Map<string, string>()
    for (const prefix of prefixes) {
      const inPrefix = [...state.keys()].filter(key => key.startsWith(prefix)).toSorted()
      const want = inPrefix.map(key => state.get(key))
      assert.deepEqual(await listInPages(store, prefix, revision, 1 + Math.floor(random() * 6)), want)
      const expected = model.lines.filter(each => each.revision > revision && each.key.startsWith(prefix))
      const events = await watchToNow(store, prefix, revision)
      assert.deepEqual(
        events.map(line),
        expected.map(each => each.line),
        `watch ${prefix} after ${revision}`,
      )
    }
  }
  if (store.compactedRevision > 0) await fails(store.list('', { revision: store.compactedRevision - 1 }), 'Compacted')
}

async function listInPages(store: Store, prefix: string, revision: number, limit: number): Promise<string[]> {
  const items: string[] = []
  for (let start: string | undefined = prefix; start !== undefined; ) {
    const page = await store.list(prefix, { start, limit, revision })
    items.push(...page.items.map(item => `${item.key}@${item.revision} ${text(item.value)}`))
    const rest = await store.list(prefix, { start: `${page.items.at(-1)?.key ?? '~'}\u0000`, revision })
    assert.equal(page.remaining, rest.items.length)
    start = page.remaining > 0 ? `${page.items.at(-1)?.key}\u0000` : undefined
  }
  return items
}

async function watchToNow(store: Store, prefix: string, after: number): Promise<StoreEvent[]> {
  const watch = store.watch(prefix, after, new AbortController().signal)
  watch.requestProgress()
  const events: StoreEvent[] = []
  for await (const batch of watch) {
    events.push(...batch.events)
    if (batch.revision >= store.revision) break
  }
  return events
}
