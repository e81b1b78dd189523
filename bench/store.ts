// How many durable writes, gets and lists per second the store has, beside what SQLite has without it; and what commits
// on the main thread or on their own thread do to the rest of the process (docs/decisions/001-commit-thread.md).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type OpenCommitter, openCommitThread, openCommitterInPlace, startThread } from '../kcp/storage/committer.ts'
import { openSqliteStore } from '../kcp/storage/sqlite-store.ts'
import type { Store } from '../kcp/storage/store.ts'
import { waitSync } from './wait-sync.ts'

const value = new Uint8Array(1024).fill(97)
const durationMs = 1_500
const listedKeys = 10_000

export async function run(): Promise<void> {
  console.log('durable writes of 1 KiB per second')
  for (const writers of [1, 32, 256]) {
    const floor = inDirectory(directory => rawCommits(directory, writers))
    const ours = await measureWrites(openCommitThread, writers)
    print({ writers, 'raw SQLite, one commit for all': floor, store: ours.perSecond, 'p99 ms': ours.p99Ms })
  }
  console.log('reads per second')
  print(await measureReads())
  console.log('where commits run: the timer lateness is what a watch waits for')
  for (const [sync, inPlace, thread] of committers) {
    for (const writers of [1, 32, 256]) {
      for (const [place, open] of [
        ['main thread', inPlace],
        ['own thread', thread],
      ] as const) {
        print({ sync, writers, place, ...(await measureWrites(open, writers)) })
      }
    }
  }
}

const slowThread: OpenCommitter = files => startThread(new URL('./slow-commit-thread.ts', import.meta.url), files)
const slowInPlace: OpenCommitter = async files => {
  const committer = await openCommitterInPlace(files)
  return {
    ...committer,
    async commit(batch) {
      const result = await committer.commit(batch)
      waitSync(5)
      return result
    },
  }
}
const committers: [sync: string, inPlace: OpenCommitter, thread: OpenCommitter][] = [
  ['this disk', openCommitterInPlace, openCommitThread],
  ['+ 5 ms', slowInPlace, slowThread],
]

function print(row: Record<string, string | number>): void {
  const cells = Object.entries(row).map(([name, cell]) => `${name} ${typeof cell === 'number' ? round(cell) : cell}`)
  console.log(`  ${cells.join(' · ')}`)
}

function round(number: number): string {
  return number >= 100 ? Math.round(number).toLocaleString('en') : number.toFixed(1)
}

function inDirectory<Result>(use: (directory: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'bench-store-'))
  try {
    return use(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function withStore<Result>(
  openCommitter: OpenCommitter,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-store-'))
  try {
    await using store = await openSqliteStore({ directory, openCommitter })
    return await use(store)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The floor: the same bytes in the simplest table, as many rows per commit as there are writers. */
function rawCommits(directory: string, rows: number): number {
  const database = new DatabaseSync(join(directory, 'raw.db'))
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (key TEXT PRIMARY KEY, value BLOB)',
  )
  const insert = database.prepare('INSERT INTO t VALUES (?, ?)')
  const start = performance.now()
  let count = 0
  while (performance.now() - start < durationMs) {
    database.exec('BEGIN')
    for (let i = 0; i < rows; i++) insert.run(`/registry/bench/${count++}`, value)
    database.exec('COMMIT')
  }
  const seconds = (performance.now() - start) / 1000
  database.close()
  return count / seconds
}

interface Measured extends Record<string, number> {
  perSecond: number
  p50Ms: number
  p99Ms: number
  timerLateP99Ms: number
}

async function measureWrites(openCommitter: OpenCommitter, writers: number): Promise<Measured> {
  return withStore(openCommitter, async store => {
    const latencies: number[] = []
    const lateness: number[] = []
    let expected = performance.now() + 2
    const timer = setInterval(() => {
      lateness.push(performance.now() - expected)
      expected = performance.now() + 2
    }, 2)
    const start = performance.now()
    const write = async (writer: number): Promise<void> => {
      for (let i = 0; performance.now() - start < durationMs; i++) {
        const begun = performance.now()
        await store.create(`/registry/bench/${writer}/${i}`, value)
        latencies.push(performance.now() - begun)
      }
    }
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
    const seconds = (performance.now() - start) / 1000
    clearInterval(timer)
    return {
      perSecond: latencies.length / seconds,
      p50Ms: quantile(latencies, 0.5),
      p99Ms: quantile(latencies, 0.99),
      timerLateP99Ms: quantile(lateness, 0.99),
    }
  })
}

async function measureReads(): Promise<Record<string, number>> {
  return withStore(openCommitThread, async store => {
    const keyOf = (i: number): string => `/registry/core/configmaps/cluster${i % 1000}/default/object${i}`
    await Promise.all(Array.from({ length: listedKeys }, (_, i) => store.create(keyOf(i), value)))
    const prefix = '/registry/core/configmaps/'
    const gets = await rate(i => store.get(keyOf((i * 7919) % listedKeys)))
    const lists = await rate(() => store.list(prefix, { limit: 500 }))
    const all = await rate(() => store.list(prefix))
    return { get: gets, 'objects listed 500 at a time': lists * 500, 'objects listed at once': all * listedKeys }
  })
}

async function rate(read: (i: number) => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < durationMs) await read(count++)
  return (count / (performance.now() - start)) * 1000
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0
}
