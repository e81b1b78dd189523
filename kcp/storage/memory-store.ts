// The store without a disk: for tests and for simulation. Keeps every promise of store.ts but durability; a write is
// committed when the call returns.

import { createMemoryHistory, type MemoryHistory } from './memory-history.ts'
import type { ListOptions, ListResult, Store, StoredValue, StoreEvent } from './store.ts'
import { createWatch, type LogPage } from './watch.ts'
import { createWatchHub, type WatchHub } from './watch-hub.ts'
import { compactedError, futureRevisionError, refusalError, refuseWrite, type WriteKind } from './write-rule.ts'

export interface MemoryStoreOptions {
  readonly bufferedEventsMax?: number
  readonly bufferedBytesMax?: number
}

interface Write {
  readonly kind: WriteKind
  readonly key: string
  readonly value: Uint8Array
  readonly expected: number
}

interface MemoryState {
  readonly hub: WatchHub
  readonly history: MemoryHistory
  log: StoreEvent[]
  compactedRevision: number
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const hub = createWatchHub(0, options)
  const state: MemoryState = { hub, history: createMemoryHistory(), log: [], compactedRevision: 0 }
  const readLog = (prefix: string, range: { after: number; upTo: number }): LogPage =>
    readMemoryLog(state, prefix, range)
  return {
    get revision() {
      return hub.revision
    },
    get compactedRevision() {
      return state.compactedRevision
    },
    get: async (key, { revision } = {}) => state.history.asOf(key, readableRevision(state, revision)),
    list: async (prefix, listOptions = {}) => list(state, prefix, listOptions),
    create: async (key, value) => write(state, { kind: 'create', key, value, expected: 0 }),
    update: async (key, value, expected) => write(state, { kind: 'update', key, value, expected }),
    delete: async (key, expected) => write(state, { kind: 'delete', key, value: new Uint8Array(), expected }),
    watch: (prefix, afterRevision, signal) => createWatch({ hub, readLog, prefix, afterRevision, signal }),
    compact: async revision => compact(state, revision),
    [Symbol.asyncDispose]: async () => hub.close(),
  }
}

function write(state: MemoryState, { kind, key, value, expected }: Write): number {
  const { hub, history } = state
  const newest = history.newest(key)
  const previous = newest?.deleted ? undefined : newest
  const refusal = refuseWrite(kind, previous?.revision, expected)
  if (refusal) throw refusalError(key, refusal, expected)
  const revision = hub.revision + 1
  const deleted = kind === 'delete'
  const stored = deleted ? (previous?.value ?? value) : Uint8Array.from(value)
  history.append({ key, value: stored, revision, deleted })
  const event: StoreEvent = {
    type: deleted ? 'delete' : 'put',
    key,
    revision,
    value: stored,
    ...(previous ? { previous: previous.value } : {}),
  }
  state.log.push(event)
  hub.dispatch([event], revision)
  return revision
}

function readableRevision({ hub, compactedRevision }: MemoryState, revision: number | undefined): number {
  if (revision === undefined) return hub.revision
  if (revision > hub.revision) throw futureRevisionError(revision, hub.revision)
  if (revision < compactedRevision) throw compactedError(revision, compactedRevision)
  return revision
}

function list(state: MemoryState, prefix: string, { start, limit, revision }: ListOptions): ListResult {
  const at = readableRevision(state, revision)
  const items: StoredValue[] = []
  let remaining = 0
  for (const key of state.history.keysOf(prefix, start)) {
    const item = state.history.asOf(key, at)
    if (!item) continue
    if (limit && items.length >= limit) remaining++
    else items.push(item)
  }
  return { items, revision: at, remaining }
}

function readMemoryLog(state: MemoryState, prefix: string, range: { after: number; upTo: number }): LogPage {
  const { log, compactedRevision } = state
  if (range.after < compactedRevision) throw compactedError(range.after, compactedRevision)
  // The log has every revision after the compacted one.
  const recent = log.slice(range.after - compactedRevision)
  return { events: recent.filter(each => each.key.startsWith(prefix)), revision: range.upTo }
}

function compact(state: MemoryState, revision: number): void {
  if (revision > state.hub.revision) throw futureRevisionError(revision, state.hub.revision)
  if (revision <= state.compactedRevision) return
  state.log = state.log.slice(revision - state.compactedRevision)
  state.compactedRevision = revision
  state.history.forget(revision)
}
