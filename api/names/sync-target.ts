// Names that belong to one SyncTarget: its key in labels, the names of its syncer and of its DNS servers.
import { hash36, hash62 } from './hash.ts'

/** The `<key>` of all labels, annotations and finalizers of a SyncTarget; `cluster` is its logical cluster. */
export function syncTargetKey(cluster: string, name: string): string {
  return hash62(cluster === '' ? name : `${cluster}:${name}`)
}

/** Downstream namespace, and upstream ServiceAccount and roles, of a syncer. */
export function syncerId(syncTarget: { name: string; uid: string }): string {
  return `kcp-syncer-${syncTarget.name}-${hash36(syncTarget.uid, 8)}`
}

/** The DNS server of one workspace on one SyncTarget. */
export function dnsId(cluster: string, syncTarget: { name: string; uid: string }): string {
  return `kcp-dns-${syncTarget.name}-${hash36(syncTarget.uid, 8)}-${hash36(cluster, 8)}`
}
