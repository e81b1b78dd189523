// The words every part speaks: Kubernetes objects as JSON, and how they are addressed.
// Leaves out: rules of single kinds.
import type { JsonObject } from './json.ts'

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string | null
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
}

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: JsonObject
  subresource?: string
}

/** Any Kubernetes object. Kinds narrow it where they are used: `KubeObject & { spec: … }`. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [member: string]: unknown
}

export interface KubeList<T = KubeObject> {
  apiVersion: string
  kind: string
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
  items: T[]
}

export interface GroupVersionResource {
  readonly group: string
  readonly version: string
  readonly resource: string
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export interface WatchEvent<T = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: T
}

/** Condition as all kcp types have it: severity only when status is False. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  severity?: 'Error' | 'Warning' | 'Info'
  lastTransitionTime: string
  reason?: string
  message?: string
}

/** The annotation that names the logical cluster an object lives in. Set by the server on every object. */
export const clusterAnnotation = 'kcp.io/cluster'

/** `<group>/<version>`, or the bare version for the core group. */
export function apiVersionOf(gv: { group: string; version: string }): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`
}

export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** `<resource>.<group>`, or the bare resource for the core group. */
export function groupResource(gr: { group: string; resource: string }): string {
  return gr.group === '' ? gr.resource : `${gr.resource}.${gr.group}`
}

export interface ObjectKey {
  /** Logical cluster name; empty where there is only one cluster. */
  readonly cluster: string
  /** Empty for cluster-scoped objects. */
  readonly namespace: string
  readonly name: string
}

/** Text form of a key, as kcp prints it: `<cluster>|<namespace>/<name>`; the parts that are empty leave their sign out. */
export function formatKey(key: ObjectKey): string {
  const local = key.namespace === '' ? key.name : `${key.namespace}/${key.name}`
  return key.cluster === '' ? local : `${key.cluster}|${local}`
}

export function parseKey(text: string): ObjectKey {
  const bar = text.indexOf('|')
  const cluster = bar < 0 ? '' : text.slice(0, bar)
  const local = text.slice(bar + 1)
  const slash = local.indexOf('/')
  return slash < 0
    ? { cluster, namespace: '', name: local }
    : { cluster, namespace: local.slice(0, slash), name: local.slice(slash + 1) }
}

export function keyOf(object: { metadata: ObjectMeta }): ObjectKey {
  const { name, namespace = '', annotations } = object.metadata
  return { cluster: annotations?.[clusterAnnotation] ?? '', namespace, name }
}
