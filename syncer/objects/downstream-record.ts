// From a downstream object to what is kept of it; objects that are born downstream are none of ours.
import { namespaceLocatorAnnotation, stateLabel } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { SyncTargetIdentity } from '../identity.ts'
import type { DownstreamRecord } from '../synced-object.ts'
import { contentHash } from './managed-content.ts'
import { generations, statusHash } from './upstream-record.ts'

export function downstreamRecord(object: KubeObject, syncTarget: SyncTargetIdentity): DownstreamRecord | undefined {
  const { labels = {}, annotations = {}, uid = '', resourceVersion = '', deletionTimestamp } = object.metadata
  if (labels[stateLabel(syncTarget.key)] === 'Upsync') return undefined
  return {
    uid,
    resourceVersion,
    contentHash: contentHash(object),
    statusHash: statusHash(object),
    ...generations(object),
    isTerminating: deletionTimestamp !== undefined,
    locator: annotations[namespaceLocatorAnnotation],
  }
}
