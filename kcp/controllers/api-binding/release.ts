// A binding that goes takes the objects of its resources along: they are deleted first, then its finalizer is removed.
import { falseCondition, setCondition } from '../../../api/conditions.ts'
import { bindingFinalizer } from '../../../api/names/kcp-keys.ts'
import type { Client } from '../../../api-client/client.ts'
import type { ApiSet } from '../../registry/resource.ts'
import { deleteContent, type Remains } from '../content/delete-content.ts'
import { finalizersText, resourcesText } from '../content/remaining-text.ts'
import type { RemainsWatcher } from '../content/watch-remains.ts'
import { clusterOf, patchRead } from '../loop.ts'
import { apiBindings } from '../resources.ts'
import type { ApiBinding } from './api-binding.ts'

export interface ReleaseDeps {
  readonly client: Client
  readonly apisOf: (cluster: string) => ApiSet
  readonly now: () => Date
  readonly watcher: RemainsWatcher
}

const recheckMs = 5000

/** Returns when to look again; undefined when it is done. */
export async function releaseBinding(deps: ReleaseDeps, binding: ApiBinding): Promise<number | undefined> {
  const finalizers = binding.metadata.finalizers ?? []
  if (!finalizers.includes(bindingFinalizer)) return undefined
  const cluster = clusterOf(binding)
  const { types } = deps.apisOf(cluster)
  const bound = types.filter(type =>
    binding.status?.boundResources?.some(
      ({ group, resource, schema }) =>
        type.group === group && type.resource === resource && type.identityHash === schema.identityHash,
    ),
  )
  const scope = { client: deps.client.cluster(cluster) }
  const left = await deleteContent(scope, bound)
  if (left.length === 0) {
    deps.watcher.stop(cluster)
    const rest = finalizers.filter(finalizer => finalizer !== bindingFinalizer)
    await patchRead(deps.client, apiBindings, { object: binding, body: { metadata: { finalizers: rest } } })
    return undefined
  }
  deps.watcher.watch(cluster, scope, left)
  const because = { severity: 'Info', ...remainingText(left, 'workspace') } as const
  const state = falseCondition('BindingResourceDeleteSuccess', because)
  const conditions = setCondition(binding.status?.conditions, state, deps.now())
  if (conditions !== binding.status?.conditions) {
    await patchRead(deps.client, apiBindings, {
      object: binding,
      body: { status: { conditions } },
      subresource: 'status',
    })
  }
  return recheckMs
}

/** Reason and text of a deletion that waits, in the words namespaces use too. */
function remainingText(left: readonly Remains[], place: string): { reason: string; message: string } {
  const finalizers = finalizersText(left, place)
  if (finalizers !== '') return { reason: 'SomeFinalizersRemain', message: finalizers }
  return { reason: 'SomeResourcesRemain', message: resourcesText(left) }
}
