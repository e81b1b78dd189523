import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import { openSqliteStore } from '../../kcp/storage/sqlite-store.ts'
import { type OpenStore, storeConformance } from './store.ts'

function openInDirectory(reopens: boolean): OpenStore {
  return async (options = {}) => {
    const directory = await mkdtemp(join(tmpdir(), 'store-'))
    let store = await openSqliteStore({ directory, ...options })
    return {
      get store() {
        return store
      },
      async reopen() {
        if (!reopens) return
        await store[Symbol.asyncDispose]()
        store = await openSqliteStore({ directory, ...options })
      },
      async dispose() {
        await store[Symbol.asyncDispose]()
        await rm(directory, { recursive: true })
      },
    }
  }
}

storeConformance('memory', async options => {
  const store = createMemoryStore(options)
  return { store, reopen: async () => {}, dispose: async () => store[Symbol.asyncDispose]() }
})
storeConformance('sqlite', openInDirectory(false))
storeConformance('sqlite, reopened between writing and looking', openInDirectory(true))
