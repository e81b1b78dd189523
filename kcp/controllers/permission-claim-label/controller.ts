// Labels objects that were there before a permission claim was accepted, and takes the label off when it no longer is.
// Admission knows the labels: an empty patch lets it set them. Objects written later need nothing.
import { claimLabelKey, claimLabelValue } from '../../../api/names/derived-names.ts'
import { claimLabelPrefix } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import type { ApiSet, ResourceType } from '../../registry/resource.ts'
import type { ClaimOfExport, WorkspaceCatalog } from '../../workspaces/catalog.ts'
import type { BindingEvents } from '../binding-events.ts'
import { type Loop, type LoopDeps, startLoop } from '../loop.ts'

export interface PermissionClaimLabelDeps extends LoopDeps {
  readonly catalog: Pick<WorkspaceCatalog, 'claims' | 'whenCurrent'>
  readonly apisOf: (cluster: string) => ApiSet
  readonly bindings: BindingEvents
}

/** Keys are logical clusters. */
export function startPermissionClaimLabelController(deps: PermissionClaimLabelDeps): Loop {
  const { catalog } = deps
  /** Claims whose objects were labelled, of clusters that have any. */
  const labelled = new Map<string, readonly ClaimOfExport[]>()
  const loop = startLoop(deps, {
    name: 'kcp-permissionclaimlabel',
    workers: 2,
    reconcile: async cluster => {
      await catalog.whenCurrent()
      const claims = catalog.claims(cluster)
      const before = labelled.get(cluster) ?? []
      const seen = new Set<ResourceType>()
      for (const claim of [...claims, ...before]) {
        const type = typeOf(deps.apisOf(cluster), claim)
        if (type && !seen.has(type)) await relabel(deps.client.cluster(cluster), type, claims)
        if (type) seen.add(type)
      }
      if (claims.length === 0) labelled.delete(cluster)
      else labelled.set(cluster, claims)
    },
  })
  deps.bindings.onChange(({ cluster }, isThere, object) => {
    if (labelled.has(cluster) || (isThere && !object) || hasClaims(object)) loop.add(cluster)
  })
  return loop
}

function hasClaims(object: KubeObject | undefined): boolean {
  const { spec } = (object ?? {}) as { spec?: { permissionClaims?: unknown[] } }
  return (spec?.permissionClaims?.length ?? 0) > 0
}

function typeOf(apis: ApiSet, { claim }: ClaimOfExport): ResourceType | undefined {
  const identity = claim.identityHash ?? ''
  return apis.types.find(
    type =>
      type.group === (claim.group ?? '') &&
      type.resource === claim.resource &&
      type.identityHash === identity &&
      type.verbs.includes('patch'),
  )
}

async function relabel(client: Client, type: ResourceType, claims: readonly ClaimOfExport[]): Promise<void> {
  const wanted = claims.filter(
    ({ claim }) =>
      (claim.group ?? '') === type.group &&
      claim.resource === type.resource &&
      (claim.identityHash ?? '') === type.identityHash,
  )
  const labels = wanted.map(({ exportCluster, exportName, claim }): [string, string] => [
    claimLabelKey(exportCluster, exportName),
    claimLabelValue(claim),
  ])
  const { items } = await listAll(client, type, { metadataOnly: true })
  for (const { metadata } of items) {
    if (isRight(metadata.labels ?? {}, labels)) continue
    const target = { name: metadata.name, ...(metadata.namespace ? { namespace: metadata.namespace } : {}) }
    try {
      await client.patch(type, target, { type: 'merge', body: {} })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function isRight(have: Record<string, string>, want: readonly (readonly [string, string])[]): boolean {
  const count = Object.keys(have).filter(key => key.startsWith(claimLabelPrefix)).length
  return count === want.length && want.every(([key, value]) => have[key] === value)
}
