// The store without a disk: for tests and for simulation. Keeps every promise of store.ts but durability; a write is
// committed when the call returns.

import { compareKeys, lowerBound, prefixEnd } from './key-order.ts'
import type { ListOptions, ListResult, Store, StoredValue, StoreEvent } from './store.ts'
import { createWatch, type LogPage } from './watch.ts'
import { createWatchHub } from './watch-hub.ts'
import { compactedError, futureRevisionError, refusalError, refuseWrite, type WriteKind } from './write-rule.ts'

/** Versions of one key, oldest first; `deleted` ends a life. */
interface Version extends StoredValue {
  readonly deleted: boolean
}

export interface MemoryStoreOptions {
  readonly bufferedEventsMax?: number
}

interface Write {
  readonly kind: WriteKind
  readonly key: string
  readonly value: Uint8Array
  readonly expected: number
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const hub = createWatchHub(0, options.bufferedEventsMax)
  const versions = new Map<string, Version[]>()
  /** Keys of `versions` in order. */
  const keys: string[] = []
  let log: StoreEvent[] = []
  let compactedRevision = 0

  function append(write: Write, previous: Version | undefined): number {
    const { key } = write
    const revision = hub.revision + 1
    const deleted = write.kind === 'delete'
    const value = deleted ? (previous?.value ?? write.value) : Uint8Array.from(write.value)
    const history = versions.get(key)
    if (history) history.push({ key, value, revision, deleted })
    else {
      versions.set(key, [{ key, value, revision, deleted }])
      keys.splice(lowerBound(keys, key), 0, key)
    }
    const type = deleted ? 'delete' : 'put'
    const event: StoreEvent = { type, key, revision, value, ...(previous ? { previous: previous.value } : {}) }
    log.push(event)
    hub.dispatch([event], revision)
    return revision
  }

  async function write(request: Write): Promise<number> {
    const last = versions.get(request.key)?.at(-1)
    const previous = last?.deleted ? undefined : last
    const refusal = refuseWrite(request.kind, previous?.revision, request.expected)
    if (refusal) throw refusalError(request.key, refusal, request.expected)
    return append(request, previous)
  }

  function checkRevision(revision: number | undefined): number {
    if (revision === undefined) return hub.revision
    if (revision > hub.revision) throw futureRevisionError(revision, hub.revision)
    if (revision < compactedRevision) throw compactedError(revision, compactedRevision)
    return revision
  }

  function versionAt(key: string, revision: number): StoredValue | undefined {
    const version = versions.get(key)?.findLast(each => each.revision <= revision)
    if (!version || version.deleted) return undefined
    return { key, value: version.value, revision: version.revision }
  }

  function list(prefix: string, { start, limit, revision }: ListOptions): ListResult {
    const at = checkRevision(revision)
    const first = lowerBound(keys, start !== undefined && compareKeys(start, prefix) > 0 ? start : prefix)
    const end = prefixEnd(prefix)
    const items: StoredValue[] = []
    let remaining = 0
    for (const key of keys.slice(first, end === undefined ? undefined : lowerBound(keys, end))) {
      const item = versionAt(key, at)
      if (!item) continue
      if (limit && items.length >= limit) remaining++
      else items.push(item)
    }
    return { items, revision: at, remaining }
  }

  function readLog(prefix: string, range: { after: number; upTo: number }): LogPage {
    if (range.after < compactedRevision) throw compactedError(range.after, compactedRevision)
    const events = log.filter(each => each.revision > range.after && each.key.startsWith(prefix))
    return { events, revision: range.upTo }
  }

  function compact(revision: number): void {
    if (revision > hub.revision) throw futureRevisionError(revision, hub.revision)
    if (revision <= compactedRevision) return
    compactedRevision = revision
    log = log.filter(each => each.revision > revision)
    for (const [key, history] of versions) {
      const oldest = history.findLastIndex(each => each.revision <= revision)
      history.splice(0, history[oldest]?.deleted ? oldest + 1 : Math.max(oldest, 0))
      if (history.length > 0) continue
      versions.delete(key)
      keys.splice(lowerBound(keys, key), 1)
    }
  }

  return {
    get revision() {
      return hub.revision
    },
    get compactedRevision() {
      return compactedRevision
    },
    get: async (key, { revision } = {}) => versionAt(key, checkRevision(revision)),
    list: async (prefix, options = {}) => list(prefix, options),
    create: (key, value) => write({ kind: 'create', key, value, expected: 0 }),
    update: (key, value, expected) => write({ kind: 'update', key, value, expected }),
    delete: (key, expected) => write({ kind: 'delete', key, value: new Uint8Array(), expected }),
    watch: (prefix, afterRevision, signal) => createWatch({ hub, readLog, prefix, afterRevision, signal }),
    compact: async revision => compact(revision),
    [Symbol.asyncDispose]: async () => hub.close(),
  }
}
