// Values by key, and by the texts their index functions return.
import type { ObjectKey } from '../../api/objects.ts'

export type IndexFunctions<T> = Readonly<Record<string, (value: T, key: ObjectKey) => readonly string[]>>

export interface IndexedStore<T> {
  get(key: string): T | undefined
  set(key: string, value: T, objectKey: ObjectKey): void
  delete(key: string, objectKey: ObjectKey): void
  entries(): IterableIterator<[key: string, value: T]>
  byIndex(index: string, text: string): T[]
  keysByIndex(index: string, text: string): string[]
  readonly size: number
}

export function createIndexedStore<T>(functions: IndexFunctions<T> = {}): IndexedStore<T> {
  const values = new Map<string, T>()
  const indexes = new Map(
    Object.entries(functions).map(([name, texts]) => [name, { texts, keys: new Map<string, Set<string>>() }]),
  )

  const unlink = (key: string, objectKey: ObjectKey) => {
    const before = values.get(key)
    if (before === undefined) return
    for (const { texts, keys } of indexes.values()) {
      for (const text of texts(before, objectKey)) {
        const set = keys.get(text)
        set?.delete(key)
        if (set?.size === 0) keys.delete(text)
      }
    }
  }
  const keysByIndex = (index: string, text: string): string[] => {
    const found = indexes.get(index)
    if (!found) throw new Error(`no index "${index}"`)
    return [...(found.keys.get(text) ?? [])]
  }
  return {
    get: key => values.get(key),
    set(key, value, objectKey) {
      unlink(key, objectKey)
      values.set(key, value)
      for (const { texts, keys } of indexes.values()) {
        for (const text of texts(value, objectKey)) {
          const set = keys.get(text)
          if (set) set.add(key)
          else keys.set(text, new Set([key]))
        }
      }
    },
    delete(key, objectKey) {
      unlink(key, objectKey)
      values.delete(key)
    },
    entries: () => values.entries(),
    byIndex: (index, text) => keysByIndex(index, text).flatMap(key => values.get(key) ?? []),
    keysByIndex,
    get size() {
      return values.size
    },
  }
}
