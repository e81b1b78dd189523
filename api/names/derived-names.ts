// Names that kcp derives from other names by hashing: logical clusters, bindings, placements, claims, initializers.
import { hash } from 'node:crypto'
import { goJson } from '../go-json.ts'
import { base36, base62, hash36, hash62, sha224 } from './hash.ts'
import { claimLabelPrefix, initializerLabelPrefix } from './kcp-keys.ts'

/** Logical cluster of a new workspace, from 32 random bytes. */
export function randomClusterName(randomBytes: Uint8Array): string {
  return base36(sha224(randomBytes)).slice(0, 16)
}

/** Logical cluster of a user's home workspace. */
export function homeClusterName(username: string): string {
  return base36(sha224(username).subarray(0, 8))
}

/** Path of the home workspace in the v0.8 tree, as the old walk-throughs type it: `root:users:zu:yc:kcp-admin`. */
export function homeBucketPath(username: string): string {
  const digest = hash('sha1', username, 'buffer')
  const bucket = (level: number) => {
    const number = digest.readUInt32BE(level)
    return String.fromCharCode(97 + (number % 26), 97 + (Math.floor(number / 26) % 26))
  }
  return `root:users:${bucket(0)}:${bucket(1)}:${username}`
}

/** Annotation value that names a shard. */
export function shardHash(shardName: string): string {
  return hash36(shardName, 8)
}

/** APIBinding that the initializer of a workspace creates for a default binding of its type. */
export function defaultBindingName(reference: { cluster: string; path: string; exportName: string }): string {
  const { cluster, path, exportName } = reference
  const suffix = hash62(`${cluster}|${path}|${exportName}`).slice(0, 5).toLowerCase()
  return `${exportName.slice(0, 247)}-${suffix}`
}

/** APIBinding that `bind compute` creates. */
export function computeBindingName(path: string, exportName: string): string {
  return `${exportName}-${hash36(`/clusters/${path}`, 8)}`
}

/** Placement that `bind compute` creates; selectors as their texts. */
export function placementName(
  namespaceSelector: string,
  locationSelectors: string[],
  locationWorkspace: string,
): string {
  return `placement-${hash36(namespaceSelector + locationSelectors.join(',') + locationWorkspace, 8)}`
}

/** Value of the APIBinding label that names its export, and the name part of claim labels. */
export function exportHash(exportCluster: string, exportName: string): string {
  return hash62(`${exportCluster}:${exportName}`)
}

export interface PermissionClaim {
  group?: string
  resource: string
  all?: boolean
  resourceSelector?: { name?: string; namespace?: string }[]
  identityHash?: string
}

/** Label key on objects that the owner of an APIExport may see. */
export function claimLabelKey(exportCluster: string, exportName: string): string {
  return claimLabelPrefix + exportHash(exportCluster, exportName)
}

/** Label value: hash of the claim as Go encodes it, empty members left out. */
export function claimLabelValue(claim: PermissionClaim): string {
  const { group, resource, all, resourceSelector, identityHash } = claim
  const selectors = resourceSelector?.map(({ name, namespace }) => ({
    ...(name && { name }),
    ...(namespace && { namespace }),
  }))
  const members = {
    ...(group && { group }),
    resource,
    ...(all && { all }),
    ...(selectors?.length && { resourceSelector: selectors }),
    ...(identityHash && { identityHash }),
  }
  return hash62(goJson(members))
}

/** Claim label value of an APIBinding for its own export. */
export const ownExportClaimLabelValue = base62(Uint8Array.from({ length: 28 }, (_, i) => i % 10))

/** Label on a LogicalCluster for each initializer that has not run yet. */
export function initializerLabel(initializer: string): { key: string; value: string } {
  const value = Buffer.from(sha224(initializer)).toString('hex')
  return { key: initializerLabelPrefix + value.slice(0, 63 - initializerLabelPrefix.length), value }
}
