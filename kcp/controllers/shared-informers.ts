// One list and watch per resource for all controllers, across all logical clusters. Most controllers need to know only
// that an object exists: then nothing but its key is held, and listeners get the object that came with the event.
import { type GroupVersionResource, type KubeObject, parseKey } from '../../api/objects.ts'
import { createFedInformer } from '../../api-client/cache/create-informer.ts'
import type { FedInformer, Projection } from '../../api-client/cache/informer.ts'
import { type ReflectorSink, runReflector } from '../../api-client/cache/reflector.ts'
import type { Client } from '../../api-client/client.ts'
import type { LoopDeps } from './loop.ts'

export interface SharedInformers {
  /** Holds keys only. */
  keysOf(gvr: GroupVersionResource): FedInformer<true>
  /** Holds whole objects; for kinds of which there are few. */
  objectsOf(gvr: GroupVersionResource): FedInformer<KubeObject>
  /** Holds what a projection keeps. Shares the list of the resource unless that has been started already. */
  follow<T>(gvr: GroupVersionResource, projection: Projection<T>): FedInformer<T>
  /** Starts what was asked for and does not run yet; they end with the signal. */
  start(signal: AbortSignal): void
  /** Everything started has been listed once. */
  synced(): Promise<void>
  /** Resolves when all have ended. */
  ended(): Promise<void>
}

/** A resource that is listed once for all of its sinks. */
interface Source {
  readonly gvr: GroupVersionResource
  readonly sinks: ReflectorSink[]
  readonly synced: Promise<void>[]
  running?: Promise<void>
}

/** `client` reads all logical clusters (of a plain Kubernetes server: the whole server). */
export function createSharedInformers(
  client: Client,
  { log, clock, random }: Pick<LoopDeps, 'log' | 'clock' | 'random'>,
): SharedInformers {
  const keys = new Map<string, FedInformer<true>>()
  const objects = new Map<string, FedInformer<KubeObject>>()
  const sources: Source[] = []
  const follow = <T>(gvr: GroupVersionResource, projection: Projection<T>): FedInformer<T> => {
    const { informer, sink } = createFedInformer(projection)
    const waiting = sources.find(each => each.running === undefined && nameOf(each.gvr) === nameOf(gvr))
    const source: Source = waiting ?? { gvr, sinks: [], synced: [] }
    if (!waiting) sources.push(source)
    source.sinks.push(sink)
    source.synced.push(informer.synced)
    return replaying(informer)
  }
  const run = ({ gvr, sinks }: Source, signal: AbortSignal) =>
    runReflector({ client, gvr, selection: {}, clock, random, log }, allOf(sinks), signal)
  const project = (object: KubeObject) => object
  return {
    keysOf: gvr => shared(keys, gvr, () => follow<true>(gvr, { project: () => true })),
    objectsOf: gvr => shared(objects, gvr, () => follow<KubeObject>(gvr, { project })),
    follow,
    start(signal) {
      for (const source of sources) source.running ??= run(source, signal)
    },
    synced: async () =>
      void (await Promise.all(sources.filter(({ running }) => running).flatMap(({ synced }) => synced))),
    ended: async () => void (await Promise.all(sources.map(({ running }) => running))),
  }
}

function nameOf({ group, version, resource }: GroupVersionResource): string {
  return `${resource}.${version}.${group}`
}

function shared<T>(
  known: Map<string, FedInformer<T>>,
  gvr: GroupVersionResource,
  create: () => FedInformer<T>,
): FedInformer<T> {
  const informer = known.get(nameOf(gvr)) ?? create()
  known.set(nameOf(gvr), informer)
  return informer
}

/** Tells each of them, in the order in which they were asked for. */
function allOf(sinks: readonly ReflectorSink[]): ReflectorSink {
  return {
    listStarted() {
      for (const sink of sinks) sink.listStarted()
    },
    upsert(object) {
      for (const sink of sinks) sink.upsert(object)
    },
    delete(object) {
      for (const sink of sinks) sink.delete(object)
    },
    listCompleted() {
      for (const sink of sinks) sink.listCompleted()
    },
  }
}

/** A listener that comes late is told what is there already (without the objects, which are not kept). */
function replaying<T>(informer: FedInformer<T>): FedInformer<T> {
  return {
    get: informer.get,
    entries: informer.entries,
    byIndex: informer.byIndex,
    keysByIndex: informer.keysByIndex,
    synced: informer.synced,
    get size() {
      return informer.size
    },
    get hasSynced() {
      return informer.hasSynced
    },
    onChange(listener) {
      for (const [key, value] of informer.entries()) listener(parseKey(key), value, undefined, undefined)
      return informer.onChange(listener)
    },
  }
}
