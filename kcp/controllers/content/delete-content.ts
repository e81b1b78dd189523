// Deletes everything in a namespace or a logical cluster and says what is left. Shared by the controllers that end those,
// and by bindings that go. Leaves out: conditions, and what ends when all is gone.
import type { GroupVersionResource, KubeObject } from '../../../api/objects.ts'
import { isNotFound, StatusError } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'

export interface DeletableResource extends GroupVersionResource {
  readonly verbs: readonly string[]
  /** Of a bound resource. */
  readonly identityHash?: string
}

/** Objects that are still there after all were deleted. */
export interface Remains {
  readonly gvr: GroupVersionResource
  readonly count: number
  readonly finalizers: ReadonlyMap<string, number>
  /** Where a watch for the rest starts. */
  readonly resourceVersion: string
}

export interface Scope {
  readonly client: Client
  /** Absent: the cluster-scoped objects. */
  readonly namespace?: string
}

export function isDeletable({ verbs }: DeletableResource): boolean {
  return verbs.includes('delete') && verbs.includes('list')
}

export async function deleteContent(scope: Scope, resources: readonly DeletableResource[]): Promise<Remains[]> {
  const remains = await Promise.all(resources.filter(isDeletable).map(resource => deleteResource(scope, resource)))
  return remains.filter(({ count }) => count > 0)
}

async function deleteResource(scope: Scope, resource: DeletableResource): Promise<Remains> {
  const { group, version, identityHash } = resource
  const gvr = { group, version, resource: identityHash ? `${resource.resource}:${identityHash}` : resource.resource }
  const options = { metadataOnly: true, ...(scope.namespace ? { namespace: scope.namespace } : {}) }
  const none = { gvr, count: 0, finalizers: new Map(), resourceVersion: '' }
  try {
    const { items } = await listAll(scope.client, gvr, options)
    const living = items.filter(item => !item.metadata.deletionTimestamp)
    if (items.length === 0) return none
    if (living.length > 0) await deleteLiving(scope, { gvr, living, verbs: resource.verbs })
    const left = await listAll(scope.client, gvr, options)
    return remainsOf(gvr, left.items, left.metadata.resourceVersion)
  } catch (error) {
    // The API itself went meanwhile, with its objects.
    if (isNotFound(error)) return none
    throw error
  }
}

interface Living {
  readonly gvr: GroupVersionResource
  readonly living: readonly KubeObject[]
  readonly verbs: readonly string[]
}

async function deleteLiving({ client }: Scope, { gvr, living, verbs }: Living): Promise<void> {
  const propagationPolicy = 'Background'
  if (verbs.includes('deletecollection')) {
    // A collection is that of one namespace, or of the cluster-scoped objects.
    const namespaces = new Set(living.map(({ metadata }) => metadata.namespace ?? ''))
    const deletions = [...namespaces].map(namespace =>
      client.deleteCollection(gvr, { propagationPolicy, ...(namespace ? { namespace } : {}) }),
    )
    await Promise.all(deletions)
    return
  }
  const deletions = living.map(({ metadata: { name, namespace, uid = '' } }) =>
    client.delete(gvr, { name, ...(namespace ? { namespace } : {}) }, { propagationPolicy, uid }),
  )
  for (const result of await Promise.allSettled(deletions)) {
    if (result.status === 'rejected' && !isForbidding(result.reason)) throw result.reason
  }
}

/** Gone already, another one by now, or not to be deleted by itself. */
function isForbidding(error: unknown): boolean {
  return error instanceof StatusError && [403, 404, 409].includes(error.code)
}

function remainsOf(gvr: GroupVersionResource, items: readonly KubeObject[], resourceVersion: string): Remains {
  const finalizers = new Map<string, number>()
  for (const finalizer of items.flatMap(item => item.metadata.finalizers ?? [])) {
    finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1)
  }
  return { gvr, count: items.length, finalizers, resourceVersion }
}
