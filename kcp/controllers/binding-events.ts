// Tells controllers of APIBindings there may be something to do with: of plain ones (api-binding/plain-binding.ts) only
// that they became so or are gone. Fed from the store beside the catalog: nearly all are plain and need not be parsed.
import { setImmediate } from 'node:timers/promises'
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import { createFedInformer } from '../../api-client/cache/create-informer.ts'
import type { FedInformer, Projection } from '../../api-client/cache/informer.ts'
import type { ReflectorSink } from '../../api-client/cache/reflector.ts'
import { errorText, type Log } from '../../api-client/log.ts'
import type { PrefixSink } from '../workspaces/follow-prefix.ts'
import { parseStored, splitSuffix } from '../workspaces/stored-object.ts'
import { createPlainBindings } from './api-binding/plain-binding.ts'

/** `object` is absent of one that is gone, and where it could not be read: then it may be anything but plain. */
export type BindingListener = (key: ObjectKey, isThere: boolean, object: KubeObject | undefined) => void

export interface BindingEvents {
  /** A listener is told of those that are there already, too, in its own time. */
  onChange(listener: BindingListener): void
  /** What a projection keeps; of plain ones it must keep nothing. To be asked for before the first list. */
  follow<T>(projection: Projection<T>): FedInformer<T>
}

export interface BindingEventsDeps {
  /** A stored binding by what follows the prefix in its key. */
  readonly read: (suffix: string) => Promise<Uint8Array | undefined>
  readonly log: Log
  readonly signal: AbortSignal
}

export function createBindingEvents(deps: BindingEventsDeps): BindingEvents & { sink: PrefixSink } {
  const listeners = new Set<BindingListener>()
  const sinks: ReflectorSink[] = []
  const notable = new Set<string>()
  return {
    sink: bindingSink(notable, { listeners, sinks }),
    onChange(listener) {
      listeners.add(listener)
      void replay(deps, [...notable], listener)
    },
    follow(projection) {
      const { informer, sink } = createFedInformer(projection)
      sinks.push(sink)
      return informer
    },
  }
}

/** Bindings read in one turn of the event loop. */
const replayedMax = 100

async function replay(
  { read, log, signal }: BindingEventsDeps,
  suffixes: readonly string[],
  listener: BindingListener,
): Promise<void> {
  for (const [index, suffix] of suffixes.entries()) {
    if (index % replayedMax === 0) await setImmediate()
    if (signal.aborted) return
    try {
      const value = await read(suffix)
      if (value) listener(keyOfSuffix(suffix), true, objectOf(value))
    } catch (error) {
      log.warn({ error: errorText(error) }, 'a binding could not be read')
      listener(keyOfSuffix(suffix), true, undefined)
    }
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
