// The informer: a reflector that feeds an indexed store and tells listeners what changed.
import {
  formatKey,
  type GroupVersionResource,
  type KubeObject,
  keyOf,
  type ObjectKey,
  parseKey,
} from '../../api/objects.ts'
import type { Client, ListOptions } from '../client.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type Log, silentLog } from '../log.ts'
import { createIndexedStore } from './indexed-store.ts'
import type { ChangeListener, FedInformer, Informer, Projection } from './informer.ts'
import { type ReflectorSink, runReflector } from './reflector.ts'

export interface InformerOptions {
  readonly client: Client
  readonly gvr: GroupVersionResource
  readonly selectors?: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>
  readonly metadataOnly?: boolean
  /** Default: cluster from the kcp.io/cluster annotation, namespace, name. */
  readonly keyOf?: (object: KubeObject) => ObjectKey
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Log
}

/** Keeps whole objects. They belong to the cache: never change them. */
export function createObjectInformer(
  options: InformerOptions & Pick<Projection<KubeObject>, 'indexes'>,
): Informer<KubeObject> {
  return createInformer<KubeObject>({ ...options, project: object => object })
}

export function createInformer<T>(options: InformerOptions & Projection<T>): Informer<T> {
  const { informer, sink } = createFedInformer<T>(options)
  const reflector = { ...reflectorDefaults, ...options, selection: selectionOf(options) }
  return Object.assign(informer, { run: (signal: AbortSignal) => runReflector(reflector, sink, signal) })
}

/** To be fed by a reflector that others share. */
export function createFedInformer<T>(options: Pick<InformerOptions, 'keyOf'> & Projection<T>): {
  informer: FedInformer<T>
  sink: ReflectorSink
} {
  const store = createIndexedStore<T>(options.indexes)
  const listeners = new Set<ChangeListener<T>>()
  const synced = Promise.withResolvers<void>()
  let hasSynced = false
  const notify: ChangeListener<T> = (...change) => {
    for (const listener of listeners) listener(...change)
  }
  const sink = storeSink(store, { options, notify })
  const listCompleted = () => {
    sink.listCompleted()
    hasSynced = true
    synced.resolve()
  }
  const informer: FedInformer<T> = {
    get: store.get,
    entries: store.entries,
    byIndex: store.byIndex,
    keysByIndex: store.keysByIndex,
    get size() {
      return store.size
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get hasSynced() {
      return hasSynced
    },
    synced: synced.promise,
  }
  return { informer, sink: { ...sink, listCompleted } }
}

const reflectorDefaults = { clock: systemClock, random: Math.random, log: silentLog }

function selectionOf(
  options: InformerOptions,
): Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector' | 'metadataOnly'> {
  return { ...options.selectors, ...(options.metadataOnly ? { metadataOnly: true } : {}) }
}

function storeSink<T>(
  store: ReturnType<typeof createIndexedStore<T>>,
  facts: { options: Pick<InformerOptions, 'keyOf'> & Projection<T>; notify: ChangeListener<T> },
): ReflectorSink {
  const { options, notify } = facts
  const objectKeyOf = options.keyOf ?? keyOf
  let seen: Set<string> | undefined
  const remove = (key: ObjectKey, object: KubeObject | undefined) => {
    const text = formatKey(key)
    const before = store.get(text)
    if (before === undefined) return
    store.delete(text, key)
    notify(key, undefined, before, object)
  }
  return {
    listStarted() {
      seen = new Set()
    },
    upsert(object) {
      const key = objectKeyOf(object)
      const text = formatKey(key)
      const after = options.project(object)
      if (after === undefined) return remove(key, object)
      seen?.add(text)
      const before = store.get(text)
      store.set(text, after, key)
      notify(key, after, before, object)
    },
    delete: object => remove(objectKeyOf(object), object),
    listCompleted() {
      const listed = seen ?? new Set()
      seen = undefined
      const gone = [...store.entries()].filter(([text]) => !listed.has(text))
      for (const [text] of gone) remove(parseKey(text), undefined)
    },
  }
}
