// Sees every write of every resource in the store, and reads only those that have to do with owners.
import { Buffer } from 'node:buffer'
import { clusterAnnotation, type KubeObject } from '../../../api/objects.ts'
import type { Store } from '../../storage/store.ts'
import { type Follower, followPrefix } from '../../workspaces/follow-prefix.ts'
import { deletionMode } from './decide.ts'
import type { OwnerGraph } from './graph.ts'

export interface StoreWatchDeps {
  readonly store: Store
  readonly graph: OwnerGraph
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown) => void
  /** This object must be looked at. */
  readonly wake: (key: string) => void
}

const prefix = '/registry/'
const marks = ['"ownerReferences":[', '"deletionTimestamp":"'].map(text => Buffer.from(text))

/** `<cluster>|<namespace>|<name>|<kind>|<apiVersion>`: how reconcile finds an object. */
export function objectKeyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [
    metadata.annotations?.[clusterAnnotation] ?? '',
    metadata.namespace ?? '',
    metadata.name,
    kind,
    apiVersion,
  ].join('|')
}

export function followOwners({ store, graph, signal, onFailure, wake }: StoreWatchDeps): Follower {
  /** Objects that are being deleted and wait for their dependents, by uid. */
  const waiting = new Map<string, string>()
  return followPrefix({
    store,
    prefix,
    signal,
    onFailure,
    sink: {
      filling() {
        graph.clear()
        waiting.clear()
      },
      filled: () => undefined,
      put(_suffix, value, { previous }) {
        const isNow = isRelevant(value)
        if (!isNow && !(previous && isRelevant(previous))) return
        const object = parse(value)
        const key = objectKeyOf(object)
        const added = graph.set(key, object.metadata.ownerReferences ?? [])
        const mode = deletionMode(object)
        graph.setWaiting(key, mode === 'foreground' ? object.metadata.uid : undefined)
        if (mode !== undefined) waiting.set(object.metadata.uid ?? '', key)
        if (added.length > 0 || mode !== undefined) wake(key)
      },
      remove(_suffix, last) {
        if (graph.size === 0 && waiting.size === 0) return
        const object = parse(last)
        const { uid = '' } = object.metadata
        waiting.delete(uid)
        graph.setWaiting(objectKeyOf(object), undefined)
        for (const owner of graph.remove(objectKeyOf(object))) {
          const key = waiting.get(owner)
          if (key !== undefined) wake(key)
        }
        for (const dependent of graph.dependentsOf(uid)) wake(dependent)
      },
    },
  })
}

function isRelevant(value: Uint8Array): boolean {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return marks.some(mark => bytes.includes(mark))
}

function parse(value: Uint8Array): KubeObject {
  return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()) as KubeObject
}
