import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCommitterInPlace } from '../../kcp/storage/committer.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import { openSqliteStore } from '../../kcp/storage/sqlite-store.ts'
import { type OpenStore, storeConformance } from './store.ts'

function openInDirectory(reopens: boolean): OpenStore {
  const committing = reopens ? { openCommitter: openCommitterInPlace } : {}
  return async (options = {}) => {
    const directory = await mkdtemp(join(tmpdir(), 'store-'))
    let store = await openSqliteStore({ directory, ...options, ...committing })
    return {
      get store() {
        return store
      },
      async reopen() {
        if (!reopens) return
        await store[Symbol.asyncDispose]()
        store = await openSqliteStore({ directory, ...options, ...committing })
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
storeConformance('sqlite, reopened between writing and looking, committing in place', openInDirectory(true))
