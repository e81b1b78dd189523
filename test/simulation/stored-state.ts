// The content of a store as a start for others: what a server finds when it is started over the same directory again.
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import type { Store, StoredValue } from '../../kcp/storage/store.ts'

export async function contentOf(store: Store): Promise<readonly StoredValue[]> {
  const { items } = await store.list('')
  return [...items].sort((a, b) => a.revision - b.revision)
}

/** Revisions begin at one again, in the same order. */
export async function storeWith(content: readonly StoredValue[]): Promise<Store> {
  const store = createMemoryStore()
  for (const { key, value } of content) await store.create(key, value)
  return store
}
