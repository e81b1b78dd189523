// Asks the physical cluster itself what a namespace still holds, also of resources that are not followed at the moment:
// a namespace must never take objects of ours, or of other people, with it.
import { downstreamKeyLabel } from '../api/names/kcp-keys.ts'
import type { GroupVersionResource, KubeObject } from '../api/objects.ts'
import { isNotFound } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'
import { forEachPage } from '../api-client/resources/list-all.ts'
import type { NamespaceContent } from './namespaces/cleaning.ts'

export interface ContentQuestion {
  readonly namespace: string
  readonly syncTargetKey: string
  readonly gvrs: readonly GroupVersionResource[]
  readonly signal: AbortSignal
}

/** Throws when one of the resources cannot be read: then it is not known. */
export async function namespaceContent(client: Client, question: ContentQuestion): Promise<NamespaceContent> {
  const { namespace, syncTargetKey, signal } = question
  const found = new Set<NamespaceContent>()
  for (const gvr of question.gvrs) {
    try {
      await forEachPage(client, { gvr, options: { namespace, metadataOnly: true, signal } }, ({ items }) => {
        for (const item of items) {
          if (item.metadata.labels?.[downstreamKeyLabel] === syncTargetKey) found.add('ours')
          else if (!isMadeByCluster(gvr, item)) found.add('foreign')
        }
      })
    } catch (error) {
      // Not served there, so nothing of it can exist.
      if (!isNotFound(error)) throw error
    }
    if (found.has('ours')) return 'ours'
  }
  return found.has('foreign') ? 'foreign' : 'nothing'
}

/** What every namespace gets by itself, and what belongs to another object, goes with the namespace. */
function isMadeByCluster(gvr: GroupVersionResource, { metadata }: KubeObject): boolean {
  if ((metadata.ownerReferences?.length ?? 0) > 0) return true
  if (gvr.group !== '') return false
  if (gvr.resource === 'configmaps') return /^(kube-root-ca|openshift-service-ca)\.crt$/.test(metadata.name)
  return gvr.resource === 'secrets' && metadata.annotations?.['kubernetes.io/service-account.name'] !== undefined
}
