// Kills a writing process and compares every acknowledged write with what the next opening finds. This shows that
// nothing depends on a clean end; that a commit is also on the disk is shown by store-sync.test.ts.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { openCommitterInPlace } from '../../kcp/storage/committer.ts'
import { openSqliteStore } from '../../kcp/storage/sqlite-store.ts'
import type { Store, StoreEvent } from '../../kcp/storage/store.ts'
import { createRandom } from './random.ts'
import { keyOf, stepOf } from './store-crash-load.ts'

/** Two directories at a time. */
const lanes = 2
const roundsPerLane = 25
const writers = 24
const seed = Number(process.env.STORE_CRASH_SEED ?? Date.now() & 0xffff)

interface Acknowledgement {
  readonly writer: number
  readonly n: number
  readonly revision: number
}

test(`${lanes * roundsPerLane} kills under load lose no acknowledged write (STORE_CRASH_SEED=${seed})`, async () => {
  const counts = await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(createRandom(seed + lane))))
  for (const count of counts) assert.ok(count > roundsPerLane * writers, `only ${count} writes`)
})

/** Returns how many writes were acknowledged. */
async function runLane(random: () => number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'store-crash-'))
  const known = new Map<string, string>()
  let count = 0
  try {
    for (let round = 0, before = 0; round < roundsPerLane; round++) {
      // Every fifth is killed at any moment of its start.
      const killed = round % 5 === 4 ? { afterStartMs: random() * 300 } : { afterFirstMs: random() * 80 }
      const acknowledgements = await runAndKill(directory, round, killed)
      count += acknowledgements.length
      const store = await openSqliteStore({ directory, openCommitter: openCommitterInPlace })
      try {
        await checkLog(store, before, round, acknowledgements)
        await checkState(store, round, acknowledgements, known)
        before = store.revision
      } finally {
        await store[Symbol.asyncDispose]()
      }
    }
  } finally {
    await rm(directory, { recursive: true })
  }
  return count
}

async function runAndKill(
  directory: string,
  round: number,
  when: { afterStartMs?: number; afterFirstMs?: number },
): Promise<Acknowledgement[]> {
  const program = join(import.meta.dirname, 'store-crash-load.ts')
  const file = join(directory, 'acknowledged')
  await rm(file, { force: true })
  const child = spawn(process.execPath, [program, directory, file, `${round}`, `${writers}`, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  if (when.afterStartMs === undefined) await Promise.race([once(child.stdout, 'data'), closed])
  await delay(when.afterStartMs ?? when.afterFirstMs ?? 0)
  assert.ok(child.kill('SIGKILL'), 'the child ended by itself')
  await closed
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  return lines.map(line => {
    const [, writer = NaN, n = NaN, revision = NaN] = line.split(' ').map(Number)
    return { writer, n, revision }
  })
}

/** Each acknowledged write is in the log with its revision, key and value. */
async function checkLog(store: Store, after: number, round: number, all: readonly Acknowledgement[]): Promise<void> {
  const events = new Map<number, StoreEvent>()
  if (store.revision > after) {
    for await (const batch of store.watch('', after, new AbortController().signal)) {
      for (const event of batch.events) events.set(event.revision, event)
      if (batch.revision >= store.revision) break
    }
  }
  assert.equal(events.size, store.revision - after, 'revisions without a gap')
  for (const { writer, n, revision } of all) {
    const { kind, value } = stepOf(round, writer, n)
    const event = events.get(revision)
    assert.equal(event?.key, keyOf(round, writer), `revision ${revision}`)
    assert.equal(event.type, kind === 'delete' ? 'delete' : 'put')
    if (kind !== 'delete') assert.equal(Buffer.from(event.value).toString(), value)
  }
}

/** Each key has its last acknowledged value, or that of the one write that was under way. */
async function checkState(
  store: Store,
  round: number,
  all: readonly Acknowledgement[],
  known: Map<string, string>,
): Promise<void> {
  const found = new Map((await store.list('')).items.map(item => [item.key, Buffer.from(item.value).toString()]))
  for (const [key, value] of known) assert.equal(found.get(key), value, `${key} of an earlier round`)
  for (let writer = 0; writer < writers; writer++) {
    const key = keyOf(round, writer)
    const last = all.findLast(each => each.writer === writer)?.n ?? -1
    const possible = [last, last + 1].map(n => (n < 0 ? '' : stepOf(round, writer, n).value))
    assert.ok(possible.includes(found.get(key) ?? ''), `${key} after write ${last}: ${found.get(key)?.slice(0, 20)}`)
  }
  known.clear()
  for (const [key, value] of found) known.set(key, value)
}
