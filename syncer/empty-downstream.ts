// Asks the physical cluster itself whether a namespace still holds synced objects, also of resources that are not
// followed at the moment: a namespace must never take such objects with it.
import { downstreamKeyLabel } from '../api/names/kcp-keys.ts'
import type { GroupVersionResource } from '../api/objects.ts'
import { isNotFound } from '../api/status-error.ts'
import type { Client } from '../api-client/client.ts'

export interface EmptyQuestion {
  readonly namespace: string
  readonly syncTargetKey: string
  readonly gvrs: readonly GroupVersionResource[]
  readonly signal: AbortSignal
}

/** Throws when one of the resources cannot be read: then it is not known. */
export async function isEmptyDownstream(client: Client, question: EmptyQuestion): Promise<boolean> {
  const { namespace, syncTargetKey, signal } = question
  const labelSelector = `${downstreamKeyLabel}=${syncTargetKey}`
  for (const gvr of question.gvrs) {
    try {
      const page = await client.list(gvr, { namespace, labelSelector, limit: 1, metadataOnly: true, signal })
      if (page.items.length > 0) return false
    } catch (error) {
      // Not served there, so nothing of it can exist.
      if (!isNotFound(error)) throw error
    }
  }
  return true
}
