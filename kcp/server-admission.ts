// Connects admission with what it asks: objects, RBAC of every cluster, accepted claims.
import type { JsonObject } from '../api/json.ts'
import type { KubeObject } from '../api/objects.ts'
import { isNotFound } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import { createAdmission } from './admission/chain.ts'
import { createNamespaceState } from './admission/namespace-state.ts'
import type { AccessQuestion, AdmissionDeps } from './admission/plugin.ts'
import type { RbacFacts } from './admission/rbac-escalation.ts'
import type { Authorizer } from './auth/authorizer.ts'
import { type PolicyRule, uncoveredRules } from './auth/authorizers/rbac.ts'
import { bootstrapScope, grantedRules, localScope } from './auth/authorizers/rbac-authorizer.ts'
import { type RbacReader, rulesOf } from './auth/rbac-source.ts'
import { keyOfObject } from './registry/keys.ts'
import type { Admission } from './registry/resource.ts'
import { parseObject } from './registry/stored-object.ts'
import type { Store } from './storage/store.ts'
import type { WorkspaceCatalog } from './workspaces/catalog.ts'
import type { ClusterIndex } from './workspaces/cluster-index.ts'

export interface ServerAdmissionDeps {
  readonly store: Pick<Store, 'get'>
  readonly index: ClusterIndex
  readonly catalog: Pick<WorkspaceCatalog, 'claims' | 'apisOf'>
  /** Without the gates that ask whether the user may enter. */
  readonly authorizeDeep: Authorizer
  readonly rbac: RbacReader
  /** Absent: they are read like all others. */
  readonly workspaceTypes?: { read(key: string): Promise<KubeObject | undefined> }
}

export function createServerAdmission(deps: ServerAdmissionDeps): Admission {
  const { index, catalog } = deps
  return createAdmission({
    index,
    claimsOf: catalog.claims,
    rbac: createRbacFacts(deps.rbac),
    isAllowed: question => isAllowed(deps.authorizeDeep, question),
    read: createStoreRead(deps),
    namespaceState: createNamespaceState(deps.store),
  })
}

/** Past the request path, which would decide nothing here. */
function createStoreRead({ store, catalog, index, workspaceTypes }: ServerAdmissionDeps): AdmissionDeps['read'] {
  return async (clusterOrPath, { group, version, resource }, name) => {
    const cluster = index.resolve(clusterOrPath) ?? clusterOrPath
    const type = catalog.apisOf(cluster).find(group, version, resource)
    if (!type) return undefined
    const key = keyOfObject(type, { cluster, namespace: '', name })
    if (workspaceTypes && resource === 'workspacetypes') return workspaceTypes.read(key)
    const stored = await store.get(key)
    return stored && parseObject(type, stored)
  }
}

export function createRead(client: () => Client): AdmissionDeps['read'] {
  return async (cluster, gvr, name) => {
    try {
      return await client().cluster(cluster).get(gvr, { name })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}

export async function isAllowed(authorize: Authorizer, question: AccessQuestion): Promise<boolean> {
  const facts = { version: 'v1alpha1', subresource: '', namespace: '', path: '', isResource: true }
  return (await authorize({ ...facts, ...question })).verdict === 'allow'
}

function createRbacFacts(reader: RbacReader): RbacFacts {
  return {
    async missingRules({ user, cluster, namespace, rules }) {
      const held: PolicyRule[] = []
      for (const scope of [bootstrapScope, localScope(cluster)]) {
        for await (const granted of grantedRules(reader, scope, { user, namespace })) held.push(...granted)
      }
      return compact(uncoveredRules(held, rulesOf({ rules: [...rules] })))
    },
    async rulesOf(cluster, { kind, name, namespace }) {
      if (kind !== 'ClusterRole') return asJson(await reader.role(cluster, namespace, name))
      for (const place of localScope(cluster).clusterRoles) {
        const rules = await reader.clusterRole(place, name)
        if (rules) return asJson(rules)
      }
      return undefined
    },
  }
}

function asJson(rules: readonly PolicyRule[] | undefined): JsonObject[] | undefined {
  return rules?.map(({ verbs, apiGroups, resources, resourceNames, nonResourceUrls }) => ({
    verbs: [...verbs],
    apiGroups: [...apiGroups],
    resources: [...resources],
    resourceNames: [...resourceNames],
    nonResourceURLs: [...nonResourceUrls],
  }))
}

/** One text for all verbs on the same thing, as Go prints rules. */
function compact(singles: readonly PolicyRule[]): string[] {
  const verbs = new Map<string, Set<string>>()
  for (const single of singles) {
    const members: [string, readonly string[]][] = [
      ['APIGroups', single.apiGroups],
      ['Resources', single.resources],
      ['ResourceNames', single.resourceNames],
      ['NonResourceURLs', single.nonResourceUrls],
    ]
    const what = members.filter(([, values]) => values.length > 0).map(([name, values]) => `${name}:${quoted(values)}`)
    const known = verbs.get(what.join(', ')) ?? new Set()
    for (const verb of single.verbs) known.add(verb)
    verbs.set(what.join(', '), known)
  }
  return [...verbs].map(([what, names]) => `{${what}, Verbs:${quoted([...names])}}`).sort()
}

function quoted(values: readonly string[]): string {
  return `[${values.map(value => JSON.stringify(value)).join(' ')}]`
}
