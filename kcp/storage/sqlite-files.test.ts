import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, test } from 'node:test'
import { openCommitterInPlace } from './committer.ts'
import { openWriter } from './sqlite-files.ts'
import { query } from './sqlite-schema.ts'
import { openSqliteStore } from './sqlite-store.ts'
import { type Store, StoreError } from './store.ts'

const directories: string[] = []
function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'store-files-'))
  directories.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

const open = (directory: string): Promise<Store> => openSqliteStore({ directory, openCommitter: openCommitterInPlace })

async function fill(store: Store): Promise<void> {
  const value = new Uint8Array(1_000).fill(97)
  await Promise.all(Array.from({ length: 200 }, (_, i) => store.create(`/k/${i}`, value)))
}

/** A directory as a closed store leaves it: everything in store.db. */
async function closedDirectory(): Promise<string> {
  const directory = newDirectory()
  const store = await open(directory)
  await fill(store)
  await store[Symbol.asyncDispose]()
  return directory
}

/** A directory as kill -9 leaves it: the last writes are only in the write-ahead log. */
async function killedDirectory(): Promise<string> {
  const directory = newDirectory()
  const live = newDirectory()
  const store = await open(live)
  await fill(store)
  for (const name of ['store.db', 'store.db-wal', 'store.mark']) copyFileSync(join(live, name), join(directory, name))
  await store[Symbol.asyncDispose]()
  return directory
}

async function refuses(directory: string, reason: RegExp): Promise<void> {
  const before = readFiles(directory)
  await assert.rejects(open(directory), (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error))
    assert.equal(error.code, 'Unusable')
    assert.match(error.message, reason)
    assert.ok(error.message.includes(directory))
    return true
  })
  // Whoever repairs it finds what there was; the second try finds nothing that the first one made.
  assert.deepEqual(readFiles(directory), before)
  await assert.rejects(open(directory), { code: 'Unusable' })
}

/** Without the lock and the shared memory of connections. */
function readFiles(directory: string): Map<string, string> {
  const names = readdirSync(directory).filter(name => !/lock|pid|shm/.test(name))
  const contents = names.map(name => [name, readFileSync(join(directory, name), 'latin1')] as const)
  return new Map(contents.filter(([name, content]) => content !== '' || !name.endsWith('-wal')))
}

describe('the store refuses to open', () => {
  const advice = /Restore a backup of .* or move the directory away to start empty/
  const cases: [title: string, make: () => Promise<string>, damage: (path: string) => void, reason: RegExp][] = [
    ['a missing file', closedDirectory, path => rmSync(path), /it is missing/],
    ['an empty file', closedDirectory, path => truncateSync(path, 0), /it is empty/],
    ['a file cut in the middle', closedDirectory, path => truncateSync(path, 100 * 1024), /damaged|malformed/],
    ['a file cut to its first page', closedDirectory, path => truncateSync(path, 4096), /damaged|malformed/],
    ['a file of something else', closedDirectory, path => writeFileSync(path, 'hello '.repeat(2000)), /not a database/],
    [
      'a file with pages overwritten',
      closedDirectory,
      path => overwrite(path, 8 * 4096, 4 * 4096),
      /damaged|malformed/,
    ],
    ['a missing log', killedDirectory, path => rmSync(`${path}-wal`), /it has no tables/],
    ['an empty log', killedDirectory, path => truncateSync(`${path}-wal`, 0), /it has no tables/],
    [
      'a log cut in the middle',
      killedDirectory,
      path => truncateSync(`${path}-wal`, 40_000),
      /it ends at revision 0, but writes up to 200/,
    ],
    ['a missing file beside its log', killedDirectory, path => rmSync(path), /it is missing/],
    ['an empty file beside its log', killedDirectory, path => truncateSync(path, 0), /it is empty/],
    [
      'a newer format',
      closedDirectory,
      path => execute(path, 'PRAGMA user_version = 2'),
      /format 2, written by a newer/,
    ],
    ['another program', closedDirectory, path => execute(path, 'PRAGMA application_id = 7'), /another program/],
  ]
  for (const [title, make, damage, reason] of cases) {
    test(title, async () => {
      const directory = await make()
      damage(join(directory, 'store.db'))
      await refuses(directory, reason)
      await refuses(directory, advice)
    })
  }

  test('an older database put under a newer mark', async () => {
    const directory = await closedDirectory()
    copyFileSync(join(directory, 'store.db'), join(directory, 'backup'))
    const store = await open(directory)
    await store.create('/later', new Uint8Array())
    await store[Symbol.asyncDispose]()
    copyFileSync(join(directory, 'backup'), join(directory, 'store.db'))
    await refuses(directory, /it ends at revision 200, but writes up to 201 were acknowledged/)
    rmSync(join(directory, 'store.mark'))
    const restored = await open(directory)
    assert.equal(restored.revision, 200)
    await restored[Symbol.asyncDispose]()
  })

  test('a mark that says nothing', async () => {
    const directory = await closedDirectory()
    writeFileSync(join(directory, 'store.mark'), '')
    await refuses(directory, /store\.mark cannot be read/)
  })
})

describe('files of another user', { skip: process.getuid?.() === 0 && 'root may read everything' }, () => {
  const modes: [name: string, mode: number][] = [
    ['', 0o000],
    ['', 0o500],
    ['store.db', 0o000],
    ['store.db', 0o400],
    ['store.mark', 0o400],
  ]
  for (const [name, mode] of modes) {
    test(`${name || 'the directory'} with mode ${mode.toString(8)}`, async () => {
      const directory = await closedDirectory()
      chmodSync(join(directory, name), mode)
      const message = /this user may not read and write .*Start as the user it belongs to, or change its owner or mode/
      await assert.rejects(open(directory), { code: 'Unusable', message })
      chmodSync(join(directory, name), 0o700)
    })
  }
})

test('a killed store has everything when its files are there', async () => {
  const store = await open(await killedDirectory())
  assert.equal((await store.list('/k/')).items.length, 200)
  await store[Symbol.asyncDispose]()
})

describe('one process per directory', () => {
  test('a second store of this process is refused until the first is closed', async () => {
    const directory = newDirectory()
    const store = await open(directory)
    const message = `the directory ${directory} is in use by another process (pid ${process.pid})`
    await assert.rejects(open(directory), error => error instanceof StoreError && error.message.startsWith(message))
    await store.create('/a', new Uint8Array())
    await store[Symbol.asyncDispose]()
    const again = await open(directory)
    assert.equal(again.revision, 1)
    await again[Symbol.asyncDispose]()
  })

  test('another process is refused with directory and pid', async () => {
    const directory = newDirectory()
    const store = await open(directory)
    const program = `import { openSqliteStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-store.ts'))}
      await openSqliteStore({ directory: ${JSON.stringify(directory)} }).catch(error => console.log(error.code, error.message))`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    assert.match(child.stdout, new RegExp(`^Unusable the directory ${directory} is in use .*\\(pid ${process.pid}\\)`))
    await store[Symbol.asyncDispose]()
  })
})

test('the connection that writes syncs each commit', async () => {
  const database = openWriter(join(await closedDirectory(), 'store.db'))
  assert.deepEqual({ ...(query(database, 'PRAGMA journal_mode').get() ?? {}) }, { journal_mode: 'wal' })
  assert.deepEqual({ ...(query(database, 'PRAGMA synchronous').get() ?? {}) }, { synchronous: 2 })
  database.close()
})

test('a writer without a write-ahead log is refused', () => {
  const path = join(newDirectory(), 'plain.db')
  execute(path, 'CREATE TABLE t (a)')
  assert.throws(() => openWriter(path), { code: 'Unusable' })
})

function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

function overwrite(path: string, start: number, length: number): void {
  const file = readFileSync(path)
  file.fill(0x5a, start, start + length)
  writeFileSync(path, file)
}
