// The child of store-crash.test.ts: writes as fast as it can, and puts one line for each acknowledgement into a file, which
// outlives it. Arguments: store directory, file, round, writers, writes per writer (0: without end).
import { openSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { openSqliteStore } from '../../kcp/storage/sqlite-store.ts'
import type { Store } from '../../kcp/storage/store.ts'

export interface Step {
  readonly kind: 'create' | 'update' | 'delete'
  readonly value: string
}

export const keyOf = (round: number, writer: number): string => `/r${round}/w${writer}`

/** What the n-th write of a key is: a life of four writes, then the next. Some values are larger than a page. */
export function stepOf(round: number, writer: number, n: number): Step {
  const value = `${round}:${writer}:${n}:`.padEnd((writer * 37 + n * 211) % 6_000, 'x')
  if (n % 4 === 0) return { kind: 'create', value }
  return n % 4 === 3 ? { kind: 'delete', value: '' } : { kind: 'update', value }
}

interface Load {
  readonly store: Store
  readonly round: number
  readonly count: number
  acknowledged(line: string): void
}

async function write({ store, round, count, acknowledged }: Load, writer: number): Promise<void> {
  const key = keyOf(round, writer)
  for (let n = 0, revision = 0; count === 0 || n < count; n++) {
    const { kind, value } = stepOf(round, writer, n)
    if (kind === 'create') revision = await store.create(key, Buffer.from(value))
    else if (kind === 'update') revision = await store.update(key, Buffer.from(value), revision)
    else revision = await store.delete(key, revision)
    acknowledged(`ack ${writer} ${n} ${revision}\n`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [directory = '', file = '', ...numbers] = process.argv.slice(2)
  const [round = 0, writers = 0, count = 0] = numbers.map(Number)
  await using store = await openSqliteStore({ directory })
  const descriptor = openSync(file, 'w')
  let started = false
  function acknowledged(line: string): void {
    writeSync(descriptor, line)
    if (!started) process.stdout.write('started\n')
    started = true
  }
  const load = { store, round, count, acknowledged }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(load, writer)))
}
