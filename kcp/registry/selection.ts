// Which objects of a range a list or a watch is about: label and field selectors as one question. metadata.name and
// metadata.namespace are answered from the key; the rest needs the object, parsed once per event for all watchers.
import type { KubeObject } from '../../api/objects.ts'
import {
  checkFields,
  exactFieldValue,
  type FieldSelector,
  type FieldTerm,
  matchesFields,
  parseFieldSelector,
} from '../../api/selectors/field-selector.ts'
import { type LabelSelector, matchesLabels } from '../../api/selectors/label-selector.ts'
import { parseLabelSelector } from '../../api/selectors/parse-label-selector.ts'
import type { StoreEvent } from '../storage/store.ts'
import { allClusters, keyOfObject, localKeyOf, type ObjectRange, prefixOf } from './keys.ts'
import type { ResourceType } from './resource.ts'
import { isServed, parseObject, parseStored, type StoredObject } from './stored-object.ts'

export interface Selection {
  /** False: everything in the range. */
  readonly active: boolean
  readonly labels: LabelSelector
  readonly fields: FieldSelector
}

export const everything: Selection = { active: false, labels: [], fields: [] }

/** Their kinds with fields of their own have another word for a field they do not know. */
const groupsWithFields = new Set(['', 'certificates.k8s.io', 'events.k8s.io'])

export function parseSelection(type: ResourceType, labelSelector: string, fieldSelector: string): Selection {
  if (labelSelector === '' && fieldSelector === '') return everything
  const labels = parseLabelSelector(labelSelector)
  const fields = parseFieldSelector(fieldSelector)
  const isNative = type.origin === 'native'
  const hasOwnFields = !isNative || (groupsWithFields.has(type.group) && type.strategy.selectableFields !== undefined)
  const hasNamespace = type.namespaced || !hasOwnFields
  const isKnown = (field: string) =>
    field === 'metadata.name' ||
    (field === 'metadata.namespace' && hasNamespace) ||
    Object.hasOwn(type.strategy.selectableFields ?? {}, field)
  checkFields(fields, isKnown, hasOwnFields ? 'own' : 'common')
  return { active: labels.length + fields.length > 0, labels, fields }
}

export function inNamespace({ labels, fields }: Selection, namespace: string): Selection {
  const inside: FieldTerm = { field: 'metadata.namespace', operator: '=', value: namespace }
  return { active: true, labels, fields: [...fields, inside] }
}

export function named(selection: Selection, name: string): Selection {
  const { labels, fields } = selection
  if (exactFieldValue(fields, 'metadata.name') === name) return selection
  return { active: true, labels, fields: [...fields, { field: 'metadata.name', operator: '=', value: name }] }
}

/** A selector on one name narrows the range to that object's key. */
export function selectedPrefix(range: ObjectRange, selection: Selection): string {
  const name = exactFieldValue(selection.fields, 'metadata.name')
  const isOneCluster = range.cluster !== allClusters && !range.allIdentities
  if (name === undefined || !isOneCluster) return prefixOf(range)
  if (range.type.namespaced && range.namespace === '') return prefixOf(range)
  return keyOfObject(range.type, { cluster: range.cluster, namespace: range.namespace, name })
}

export function matchesStored(selection: Selection, type: ResourceType, stored: StoredObject): boolean {
  const parsed = () => parseStored(stored)
  return matches(selection, type, { key: stored.key, parsed, served: () => servedOf(type, stored, parsed) })
}

/** Whether the object matched before and matches after an event. */
export function matchesEvent(selection: Selection, type: ResourceType, event: StoreEvent) {
  const { key, revision } = event
  const { previous } = event
  const isPut = event.type === 'put'
  const before = isPut ? previous : event.value
  const matchesBytes = (value: Uint8Array) => {
    const stored = { key, value, revision }
    const parsed = () => parsedOnce(value, stored)
    return matches(selection, type, { key, parsed, served: () => servedOf(type, stored, parsed) })
  }
  return { matched: before !== undefined && matchesBytes(before), matches: isPut && matchesBytes(event.value) }
}

/** Values to select by may be defaults of a schema that came later. */
function servedOf(type: ResourceType, stored: StoredObject, parsed: () => KubeObject): KubeObject {
  return isServed(type, stored.value) ? parsed() : parseObject(type, stored)
}

/** Keyed by the bytes: the value of one event is the previous value of the next. */
const parsedValues = new WeakMap<Uint8Array, KubeObject>()

function parsedOnce(bytes: Uint8Array, stored: StoredObject): KubeObject {
  let object = parsedValues.get(bytes)
  if (!object) {
    object = parseStored(stored)
    parsedValues.set(bytes, object)
  }
  return object
}

interface Candidate {
  readonly key: string
  /** As it was stored. */
  parsed(): KubeObject
  /** As it is served. */
  served(): KubeObject
}

function matches(selection: Selection, type: ResourceType, candidate: Candidate): boolean {
  if (!matchesFields(selection.fields, field => fieldValue(type, field, candidate))) return false
  return selection.labels.length === 0 || matchesLabels(selection.labels, candidate.parsed().metadata.labels)
}

function fieldValue(type: ResourceType, field: string, candidate: Candidate): string {
  if (field === 'metadata.name') return localKeyOf(type, candidate.key).name
  if (field === 'metadata.namespace') return localKeyOf(type, candidate.key).namespace
  return type.strategy.selectableFields?.[field]?.(candidate.served()) ?? ''
}
