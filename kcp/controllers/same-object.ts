// Writes to members that one controller owns alone: they need the same object, not the same version of it.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { clientFor, clusterOf } from './loop.ts'

/** A merge patch that is refused when the object is another one of that name by now. */
export function patchSameObject<T extends KubeObject>(
  client: Client,
  gvr: GroupVersionResource,
  write: { object: T; body: Record<string, unknown>; subresource?: 'status' },
): Promise<T> {
  const { object, body, subresource } = write
  const { name, namespace, uid } = object.metadata
  const metadata = { ...(body.metadata as object | undefined), uid }
  const target = { name, ...(namespace ? { namespace } : {}), ...(subresource ? { subresource } : {}) }
  return clientFor(client, clusterOf(object)).patch<T>(gvr, target, { type: 'merge', body: { ...body, metadata } })
}
