// One list and watch per resource for all controllers, across all logical clusters. Most controllers need to know only
// that an object exists: then nothing but its key is held, and listeners get the object that came with the event.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import { createInformer } from '../../api-client/cache/create-informer.ts'
import type { Informer } from '../../api-client/cache/informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'

export interface SharedInformers {
  /** Holds keys only. */
  keysOf(gvr: GroupVersionResource): Informer<true>
  /** Holds whole objects; for kinds of which there are few. */
  objectsOf(gvr: GroupVersionResource): Informer<KubeObject>
  /** Starts what has been asked for; ends with the signal. Ask and add listeners before. */
  run(signal: AbortSignal): Promise<void>
  synced(): Promise<void>
}

/** `client` reads all logical clusters (of a plain Kubernetes server: the whole server). */
export function createSharedInformers(client: Client, log: Log): SharedInformers {
  const keys = new Map<string, Informer<true>>()
  const objects = new Map<string, Informer<KubeObject>>()
  const all = () => [...keys.values(), ...objects.values()]
  return {
    keysOf: gvr => shared(keys, gvr, () => createInformer<true>({ client, gvr, log, project: () => true })),
    objectsOf: gvr =>
      shared(objects, gvr, () => createInformer<KubeObject>({ client, gvr, log, project: object => object })),
    async run(signal) {
      await Promise.all(all().map(informer => informer.run(signal)))
    },
    async synced() {
      await Promise.all(all().map(informer => informer.synced))
    },
  }
}

function shared<T>(known: Map<string, T>, gvr: GroupVersionResource, create: () => T): T {
  const name = `${gvr.resource}.${gvr.version}.${gvr.group}`
  const informer = known.get(name) ?? create()
  known.set(name, informer)
  return informer
}
