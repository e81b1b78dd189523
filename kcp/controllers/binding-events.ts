// Tells controllers of APIBindings there may be something to do with: of plain ones (api-binding/plain-binding.ts) only
// that they became so or are gone. Reads the store, since nearly all are plain and need not even be parsed.
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import { createFedInformer } from '../../api-client/cache/create-informer.ts'
import type { FedInformer, Projection } from '../../api-client/cache/informer.ts'
import type { ReflectorSink } from '../../api-client/cache/reflector.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import { systemTypes } from '../apis/kcp-types.ts'
import type { Store } from '../storage/store.ts'
import { followPrefix, type PrefixSink } from '../workspaces/follow-prefix.ts'
import { parseStored, splitSuffix } from '../workspaces/stored-object.ts'
import { createPlainBindings } from './api-binding/plain-binding.ts'
import { apiBindings } from './resources.ts'

/** `object` is absent of one that is gone, and of one that was there before the listener: it may be anything but plain. */
export type BindingListener = (key: ObjectKey, isThere: boolean, object: KubeObject | undefined) => void

export interface BindingEvents {
  onChange(listener: BindingListener): void
  /** What a projection keeps; of plain ones it must keep nothing. To be asked for before the first turn of the event loop. */
  follow<T>(projection: Projection<T>): FedInformer<T>
  /** All have been looked at once. */
  readonly synced: Promise<void>
}

export interface BindingEventsDeps {
  readonly store: Store
  readonly log: Log
  readonly signal: AbortSignal
}

export function createBindingEvents({ store, log, signal }: BindingEventsDeps): BindingEvents {
  const type = systemTypes().find(
    ({ group, resource }) => group === apiBindings.group && resource === apiBindings.resource,
  )
  if (!type) throw new Error('apibindings.apis.kcp.io is not served')
  const listeners = new Set<BindingListener>()
  const sinks: ReflectorSink[] = []
  const notable = new Set<string>()
  const sink = bindingSink(notable, { listeners, sinks })
  const onFailure = (error: unknown) => log.warn({ error: errorText(error) }, 'bindings are read again after a failure')
  const { synced } = followPrefix({ store, prefix: type.keyPrefix, sink, signal, onFailure })
  return {
    synced,
    onChange(listener) {
      for (const suffix of notable) listener(keyOfSuffix(suffix), true, undefined)
      listeners.add(listener)
    },
    follow(projection) {
      const { informer, sink: fed } = createFedInformer(projection)
      // The first list has begun.
      fed.listStarted()
      sinks.push(fed)
      return informer
    },
  }
}

interface Told {
  readonly listeners: ReadonlySet<BindingListener>
  readonly sinks: readonly ReflectorSink[]
}

/** `notable`: those that are not plain, by what follows the prefix in their key. */
function bindingSink(notable: Set<string>, { listeners, sinks }: Told): PrefixSink {
  const isPlain = createPlainBindings()
  let listed: Set<string> | undefined
  const tell: BindingListener = (...change) => {
    for (const listener of listeners) listener(...change)
  }
  const tellGone = (suffix: string) => {
    notable.delete(suffix)
    tell(keyOfSuffix(suffix), false, undefined)
  }
  return {
    filling() {
      listed = new Set()
      for (const fed of sinks) fed.listStarted()
    },
    put(suffix, value) {
      const plain = isPlain(value)
      if (!plain) listed?.add(suffix)
      if (plain && !notable.has(suffix)) return
      if (plain) notable.delete(suffix)
      else notable.add(suffix)
      const object = objectOf(value)
      for (const fed of sinks) fed.upsert(object)
      tell(keyOfSuffix(suffix), true, object)
    },
    remove(suffix, last) {
      if (notable.has(suffix)) for (const fed of sinks) fed.delete(objectOf(last))
      tellGone(suffix)
    },
    filled() {
      const gone = [...notable].filter(suffix => !listed?.has(suffix))
      listed = undefined
      for (const fed of sinks) fed.listCompleted()
      for (const suffix of gone) tellGone(suffix)
    },
  }
}

function keyOfSuffix(suffix: string): ObjectKey {
  return { namespace: '', ...splitSuffix(suffix) }
}

function objectOf(value: Uint8Array): KubeObject {
  return parseStored(value) as unknown as KubeObject
}
