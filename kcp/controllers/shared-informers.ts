// One list and watch per resource for all controllers, across all logical clusters. Most controllers need to know only
// that an object exists: then nothing but its key is held, and listeners get the object that came with the event.
import { type GroupVersionResource, type KubeObject, parseKey } from '../../api/objects.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Informer } from '../../api-client/cache/informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'

export interface SharedInformers {
  /** Holds keys only. */
  keysOf(gvr: GroupVersionResource): Informer<true>
  /** Holds whole objects; for kinds of which there are few. */
  objectsOf(gvr: GroupVersionResource): Informer<KubeObject>
  /** Starts what was asked for and does not run yet; they end with the signal. */
  start(signal: AbortSignal): void
  /** Everything started has been listed once. */
  synced(): Promise<void>
  /** Resolves when all have ended. */
  ended(): Promise<void>
}

/** `client` reads all logical clusters (of a plain Kubernetes server: the whole server). */
export function createSharedInformers(client: Client, log: Log): SharedInformers {
  const keys = new Map<string, Informer<true>>()
  const objects = new Map<string, Informer<KubeObject>>()
  const running = new Map<Informer<true> | Informer<KubeObject>, Promise<void>>()
  const project = (object: KubeObject) => object
  return {
    keysOf: gvr => shared(keys, gvr, () => createInformer<true>({ client, gvr, log, project: () => true })),
    objectsOf: gvr => shared(objects, gvr, () => createInformer<KubeObject>({ client, gvr, log, project })),
    start(signal) {
      for (const informer of [...keys.values(), ...objects.values()]) {
        if (!running.has(informer)) running.set(informer, informer.run(signal))
      }
    },
    synced: async () => void (await Promise.all([...running.keys()].map(informer => informer.synced))),
    ended: async () => void (await Promise.all(running.values())),
  }
}

function shared<T>(known: Map<string, Informer<T>>, gvr: GroupVersionResource, create: () => Informer<T>): Informer<T> {
  const name = `${gvr.resource}.${gvr.version}.${gvr.group}`
  const informer = known.get(name) ?? replaying(create())
  known.set(name, informer)
  return informer
}

/** A listener that comes late is told what is there already (without the objects, which are not kept). */
function replaying<T>(informer: Informer<T>): Informer<T> {
  return {
    get: informer.get,
    entries: informer.entries,
    byIndex: informer.byIndex,
    keysByIndex: informer.keysByIndex,
    run: informer.run,
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
