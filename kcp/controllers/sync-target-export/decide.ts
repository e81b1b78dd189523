// Which resources of its supported exports a SyncTarget syncs: those its physical cluster has in a compatible form.
import { equalJson } from '../../../api/json.ts'
import type { SyncedResource } from '../sync-target/sync-target.ts'

type State = NonNullable<SyncedResource['state']>

/** One schema of a supported export. */
export interface ExportedResource {
  readonly group: string
  readonly resource: string
  readonly identityHash: string
  /** The served ones. */
  readonly versions: readonly ExportedVersion[]
}

export interface ExportedVersion {
  readonly name: string
  /** Of the import of this SyncTarget with the exported schema; 'no-schema' when the export has none. */
  readonly compatibility: 'no-schema' | 'not-imported' | 'incompatible' | 'compatible'
}

export interface Exported {
  readonly resources: readonly ExportedResource[]
  /** False: one of the exports was not found. */
  readonly isComplete: boolean
}

/** undefined: nothing changes. What came from an export that is not found stays: losing it would evict what runs. */
export function decide(
  current: readonly SyncedResource[] | undefined,
  { resources, isComplete }: Exported,
): SyncedResource[] | undefined {
  const identities = new Set(resources.map(({ identityHash }) => identityHash))
  const kept = isComplete ? [] : (current ?? []).filter(({ identityHash = '' }) => !identities.has(identityHash))
  const before = (exported: ExportedResource) => (current ?? []).find(each => isSame(each, exported))?.state
  const wanted = [...[...resources].sort(byListOrder).map(each => syncedResource(each, before(each))), ...kept]
  return equalJson(current ?? [], wanted) ? undefined : wanted
}

/** The order in which Go kcp lists them: by resource and then by group, both descending. */
export function byListOrder(a: ExportedResource, b: ExportedResource): number {
  if (a.resource !== b.resource) return a.resource > b.resource ? -1 : 1
  if (a.group === b.group) return 0
  return a.group > b.group ? -1 : 1
}

function isSame({ group = '', resource, identityHash = '' }: SyncedResource, exported: ExportedResource): boolean {
  return group === exported.group && resource === exported.resource && identityHash === exported.identityHash
}

function syncedResource(exported: ExportedResource, before: SyncedResource['state']): SyncedResource {
  const { group, resource, identityHash, versions } = exported
  return {
    ...(group === '' ? {} : { group }),
    resource,
    versions: versions.map(({ name }) => name).sort(),
    ...(identityHash === '' ? {} : { identityHash }),
    state: stateOf(versions, before),
  }
}

function stateOf(versions: readonly ExportedVersion[], before: SyncedResource['state']): State {
  const isAny = (wanted: ExportedVersion['compatibility']) =>
    versions.some(({ compatibility }) => compatibility === wanted)
  if (isAny('compatible')) return 'Accepted'
  // Go's syncer deletes its imports when it ends: that says nothing about the cluster, and must not evict what runs there.
  if (before === 'Accepted' && isAny('not-imported') && !isAny('incompatible')) return 'Accepted'
  return versions.every(({ compatibility }) => compatibility === 'no-schema') ? 'Pending' : 'Incompatible'
}
