// Reads RBAC objects out of the store, one small range or object at a time, and keeps what is asked for often. An idle
// workspace keeps nothing. A write is seen by the first request after its acknowledgement: whoever hands out the store
// calls `written` before it passes the acknowledgement on. Leaves out: deciding.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { clusterPart } from '../registry/keys.ts'
import type { Store } from '../storage/store.ts'
import { type PolicyRule, type RoleRef, subjectKey } from './authorizers/rbac.ts'
import { createKeptReads } from './kept-reads.ts'

/** Roles given to a subject, by subjectKey. */
export type BindingIndex = ReadonlyMap<string, readonly RoleRef[]>

export interface RbacReader {
  clusterRoleBindings(cluster: string): Promise<BindingIndex>
  roleBindings(cluster: string, namespace: string): Promise<BindingIndex>
  clusterRole(cluster: string, name: string): Promise<readonly PolicyRule[] | undefined>
  role(cluster: string, namespace: string, name: string): Promise<readonly PolicyRule[] | undefined>
  /** Another number after each write that may change what the bindings of this cluster grant. Absent: keep nothing. */
  generation?(cluster: string): number
}

export interface RbacSource extends RbacReader {
  /** A key was written or deleted; keys that are no RBAC objects are ignored. */
  written(key: string): void
}

const groupPrefix = '/registry/rbac.authorization.k8s.io/'
/** Holds the policy all others share. */
export const sharedCluster = 'system:admin'

export function createRbacSource(store: Store): RbacSource {
  const bindings = createKeptReads(prefix => readBindings(store, prefix))
  const roles = createKeptReads(key => readRules(store, key))
  /** Not one per cluster: only the policy that all clusters share is asked at every request. */
  const writes = { shared: 0, others: 0 }
  return {
    clusterRoleBindings: cluster => bindings.read(`${groupPrefix}clusterrolebindings/${clusterPart(cluster)}`),
    roleBindings: (cluster, namespace) =>
      bindings.read(`${groupPrefix}rolebindings/${clusterPart(cluster)}${namespace}/`),
    clusterRole: (cluster, name) => roles.read(`${groupPrefix}clusterroles/${clusterPart(cluster)}${name}`),
    role: (cluster, namespace, name) => roles.read(`${groupPrefix}roles/${clusterPart(cluster)}${namespace}/${name}`),
    generation: cluster => (cluster === sharedCluster ? writes.shared : writes.shared + writes.others),
    written(key) {
      if (!key.startsWith(groupPrefix)) return
      if (key.includes(`/${sharedCluster}/`)) writes.shared++
      else writes.others++
      bindings.forget(key.slice(0, key.lastIndexOf('/') + 1))
      roles.forget(key)
    },
  }
}

const decoder = new TextDecoder()

async function readBindings(store: Store, prefix: string): Promise<BindingIndex> {
  const index = new Map<string, RoleRef[]>()
  const { items } = await store.list(prefix)
  for (const { value } of items) {
    const binding = parse(value)
    const roleRef = objectOf(binding.roleRef)
    const ref = { kind: textOf(roleRef.kind), name: textOf(roleRef.name) }
    for (const subject of listOf(binding.subjects).map(objectOf)) {
      const { kind, name, namespace } = subject
      const key = subjectKey({ kind: textOf(kind), name: textOf(name), namespace: textOf(namespace) })
      const refs = index.get(key)
      if (refs) refs.push(ref)
      else index.set(key, [ref])
    }
  }
  return index
}

async function readRules(store: Store, key: string): Promise<readonly PolicyRule[] | undefined> {
  const stored = await store.get(key)
  return stored && rulesOf(parse(stored.value))
}

/** The rules of a Role or ClusterRole as JSON. */
export function rulesOf(role: JsonObject): PolicyRule[] {
  return listOf(role.rules)
    .map(objectOf)
    .map(rule => ({
      verbs: textsOf(rule.verbs),
      apiGroups: textsOf(rule.apiGroups),
      resources: textsOf(rule.resources),
      resourceNames: textsOf(rule.resourceNames),
      nonResourceUrls: textsOf(rule.nonResourceURLs),
    }))
}

function parse(value: Uint8Array): JsonObject {
  return objectOf(JSON.parse(decoder.decode(value)))
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: JsonValue | undefined): string[] {
  return listOf(value).filter(item => typeof item === 'string')
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
