// One side of one synced resource: an informer that keeps records, the answers to our own writes until the watch has
// caught up with them, and the bodies seen last. Bodies are shared between resources within one bound.
import { formatKey, type GroupVersionResource, type KubeObject, type ObjectKey, parseKey } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { ChangeListener, Informer } from '../../api-client/cache/informer.ts'
import type { Client } from '../../api-client/client.ts'
import type { Clock } from '../../api-client/clock.ts'
import { gvrId } from '../identity.ts'
import { isOlder } from '../resource-version.ts'
import type { RecordStore } from '../synced-object.ts'
import { createUnshownWrites } from '../unshown-writes.ts'
import type { BodyCache } from './body-cache.ts'

export interface RecordStoreOptions<T> {
  readonly gvr: GroupVersionResource
  readonly informer: Informer<T>
  readonly bodies: BodyCache
  readonly client: Client
  readonly keyOf: (object: KubeObject) => ObjectKey
  readonly record: (object: KubeObject) => T | undefined
  readonly clock: Clock
}

export interface ObservedStore<T> extends RecordStore<T> {
  /** After the overlay was brought up to date, and when a part of it is given up. */
  onChange(listener: ChangeListener<T>): void
  /** Nothing is given up any more. */
  close(): void
}

/** Index of the informer that keysInNamespace uses. */
export const namespaceIndex = 'namespace'

export function createRecordStore<T extends { readonly resourceVersion: string }>(
  options: RecordStoreOptions<T>,
): ObservedStore<T> {
  const { gvr, informer, bodies, client, record } = options
  const listeners: ChangeListener<T>[] = []
  const written = createUnshownWrites<T>(options.clock, (key, own) => {
    bodies.delete(bodyKey(key))
    for (const listener of listeners) listener(parseKey(key), informer.get(key), own, undefined)
  })
  const bodyKey = (key: string) => `${gvrId(gvr)} ${key}`
  const current = (key: string) => written.get(key) ?? informer.get(key)

  informer.onChange((key, after, _before, object) => {
    const text = formatKey(key)
    const own = written.get(text)
    if (!written.shown(text, after?.resourceVersion ?? object?.metadata.resourceVersion)) return
    // The echo of our own write: its body was kept with the answer, and may have been dropped since.
    if (own && after?.resourceVersion === own.resourceVersion) return
    if (after && object) bodies.set(bodyKey(text), object)
    else bodies.delete(bodyKey(text))
  })

  const fetch = async (key: ObjectKey): Promise<KubeObject | undefined> => {
    const target = { name: key.name, ...(key.namespace === '' ? {} : { namespace: key.namespace }) }
    const at = key.cluster === '' ? client : client.cluster(key.cluster)
    try {
      return await at.get(gvr, target)
    } catch (error) {
      if (isProofOfAbsence(error, key.name)) return undefined
      throw error
    }
  }
  return {
    get hasSynced() {
      return informer.hasSynced
    },
    get: current,
    *keys() {
      for (const [key] of informer.entries()) yield key
    },
    keysInNamespace: namespace => informer.keysByIndex(namespaceIndex, namespace),
    remember(object) {
      const key = formatKey(options.keyOf(object))
      const made = record(object)
      const known = current(key)
      if (!made || (known && isOlder(made.resourceVersion, known.resourceVersion))) return known
      bodies.set(bodyKey(key), object)
      if (informer.get(key)?.resourceVersion !== made.resourceVersion) written.set(key, made)
      return made
    },
    async body(key) {
      const text = formatKey(key)
      const body = bodies.get(bodyKey(text))
      const known = current(text)
      if (body && !(known && isOlder(body.metadata.resourceVersion ?? '', known.resourceVersion))) return body
      return fetch(key)
    },
    dropBody: key => bodies.delete(bodyKey(key)),
    fetch,
    onChange(listener) {
      listeners.push(listener)
      informer.onChange(listener)
    },
    close: written.close,
  }
}

/** A 404 that names the object. One that does not comes from a server which does not know the API: it proves nothing. */
export function isProofOfAbsence(error: unknown, name: string): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.details?.name === name
}
