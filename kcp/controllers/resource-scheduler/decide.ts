// What scheduling wants of one object: the states of its namespace as labels, deletion requests, and no traces of
// SyncTargets that are gone.

import {
  deletionAnnotation,
  softFinalizersAnnotation,
  stateLabel,
  stateLabelPrefix,
  syncerFinalizer,
  syncerFinalizerPrefix,
  syncerViewAnnotation,
} from '../../../api/names/kcp-keys.ts'
import type { ObjectMeta } from '../../../api/objects.ts'
import { formatTime, parseTime } from '../../../api/time.ts'
import { deletionsOf, statesOf } from '../namespace-scheduler/namespace.ts'
import type { MetadataChange } from './metadata-change.ts'
import { isSame } from './metadata-change.ts'

/** Where an object belongs, by key of SyncTarget. */
export interface Wanted {
  readonly states: ReadonlyMap<string, string>
  readonly deletions: ReadonlyMap<string, string>
  /** What a new state label says: Sync, or empty for kinds that wait for somebody else's word. */
  readonly initialState: '' | 'Sync'
}

export interface Observed {
  readonly metadata: ObjectMeta
  readonly wanted: Wanted
  /** Whether there is a SyncTarget of this key. */
  readonly isAlive: (key: string) => boolean
  readonly now: Date
}

export type Action = { type: 'delete' } | { type: 'patch'; change: MetadataChange }

export function decide(observed: Observed): Action | undefined {
  const { metadata, isAlive } = observed
  const upsynced = [...statesOf(metadata)].filter(([, state]) => state === 'Upsync')
  if (upsynced.length > 0) return upsynced.every(([key]) => isAlive(key)) ? undefined : { type: 'delete' }
  const change: MetadataChange = { labels: {}, annotations: {} }
  removeVanished(observed, change)
  if (metadata.deletionTimestamp) propagateDeletion(observed, change)
  else place(observed, change)
  return isSame(change) ? undefined : { type: 'patch', change }
}

/** A quick no for the many objects that scheduling does not touch. */
export function isConcerned({ labels, finalizers }: ObjectMeta, wanted: Wanted | undefined): boolean {
  if (wanted !== undefined && wanted.states.size > 0) return true
  for (const key in labels) if (key.startsWith(stateLabelPrefix)) return true
  return finalizers?.some(finalizer => finalizer.startsWith(syncerFinalizerPrefix)) ?? false
}

function removeVanished({ metadata, isAlive }: Observed, change: MetadataChange): void {
  const { labels = {}, annotations = {}, finalizers = [] } = metadata
  const owners = finalizers.filter(each => each.startsWith(syncerFinalizerPrefix))
  const keys = new Set([
    ...statesOf(metadata).keys(),
    ...owners.map(finalizer => finalizer.slice(syncerFinalizerPrefix.length)),
  ])
  const vanished = [...keys].filter(key => !isAlive(key))
  for (const key of vanished) {
    if (labels[stateLabel(key)] !== undefined) change.labels[stateLabel(key)] = null
    for (const annotation of [deletionAnnotation(key), syncerViewAnnotation(key)]) {
      if (annotations[annotation] !== undefined) change.annotations[annotation] = null
    }
  }
  const kept = finalizers.filter(finalizer => !vanished.some(key => finalizer === syncerFinalizer(key)))
  if (kept.length < finalizers.length) change.finalizers = kept
}

/** All targets learn that the object is being deleted, at the same time. */
function propagateDeletion({ metadata, isAlive }: Observed, change: MetadataChange): void {
  const { deletionTimestamp = '' } = metadata
  const deletions = deletionsOf(metadata)
  for (const key of statesOf(metadata).keys()) {
    if (isAlive(key) && !deletions.has(key)) change.annotations[deletionAnnotation(key)] = deletionTimestamp
  }
}

function place({ metadata, wanted, isAlive, now }: Observed, change: MetadataChange): void {
  const states = statesOf(metadata)
  const deletions = deletionsOf(metadata)
  for (const key of states.keys()) {
    if (!isAlive(key)) continue
    const annotation = deletionAnnotation(key)
    const requested = wanted.states.has(key) ? validTime(wanted.deletions.get(key)) : undefined
    if (wanted.states.has(key)) {
      if (requested !== deletions.get(key)) change.annotations[annotation] = requested ?? null
    } else if (isHeld(metadata, key)) {
      if (!deletions.has(key)) change.annotations[annotation] = formatTime(now)
    } else {
      change.labels[stateLabel(key)] = null
      if (deletions.has(key)) change.annotations[annotation] = null
    }
  }
  for (const key of wanted.states.keys()) {
    if (isAlive(key) && !states.has(key) && !wanted.deletions.has(key)) {
      change.labels[stateLabel(key)] = wanted.initialState
    }
  }
}

function validTime(text: string | undefined): string | undefined {
  return text !== undefined && parseTime(text) ? text : undefined
}

/** Its syncer, or somebody who asked for time, has not let go. */
function isHeld({ finalizers, annotations = {} }: ObjectMeta, key: string): boolean {
  return (finalizers?.includes(syncerFinalizer(key)) ?? false) || Boolean(annotations[softFinalizersAnnotation(key)])
}
