// A binding that goes takes the objects of its resources along: they are deleted first, then its finalizer is removed.
import { falseCondition, setCondition } from '../../../api/conditions.ts'
import { bindingFinalizer } from '../../../api/names/kcp-keys.ts'
import { type GroupVersionResource, groupResource, type KubeObject } from '../../../api/objects.ts'
import { isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import type { ApiSet } from '../../registry/resource.ts'
import { clusterOf, patchRead } from '../loop.ts'
import { apiBindings } from '../resources.ts'
import type { ApiBinding } from './api-binding.ts'

export interface ReleaseDeps {
  readonly client: Client
  readonly apisOf: (cluster: string) => ApiSet
  readonly now: () => Date
}

const recheckMs = 1000

/** Objects of the resource that are still there after deleting them all. */
interface Remains {
  readonly resource: string
  readonly count: number
  readonly finalizers: ReadonlyMap<string, number>
}

/** Returns when to look again; undefined when it is done. */
export async function releaseBinding(deps: ReleaseDeps, binding: ApiBinding): Promise<number | undefined> {
  const finalizers = binding.metadata.finalizers ?? []
  if (!finalizers.includes(bindingFinalizer)) return undefined
  const cluster = clusterOf(binding)
  const remains: Remains[] = []
  for (const bound of binding.status?.boundResources ?? []) {
    const apis = deps.apisOf(cluster)
    const type = apis.types.find(t => t.group === bound.group && t.resource === bound.resource && t.origin === 'bound')
    if (type === undefined) continue
    const gvr = { group: type.group, version: type.version, resource: `${type.resource}:${bound.schema.identityHash}` }
    remains.push(await deleteAll(deps.client.cluster(cluster), gvr))
  }
  const left = remains.filter(({ count }) => count > 0)
  if (left.length === 0) {
    const rest = finalizers.filter(finalizer => finalizer !== bindingFinalizer)
    await patchRead(deps.client, apiBindings, { object: binding, body: { metadata: { finalizers: rest } } })
    return undefined
  }
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

async function deleteAll(client: Client, gvr: GroupVersionResource): Promise<Remains> {
  const [resource = ''] = gvr.resource.split(':')
  const name = groupResource({ group: gvr.group, resource })
  try {
    if ((await listAll(client, gvr, { metadataOnly: true })).items.length === 0) return remainsOf(name, [])
    await client.deleteCollection(gvr, { propagationPolicy: 'Background' })
    return remainsOf(name, (await listAll(client, gvr, { metadataOnly: true })).items)
  } catch (error) {
    if (isNotFound(error)) return remainsOf(name, [])
    throw error
  }
}

function remainsOf(resource: string, items: readonly KubeObject[]): Remains {
  const finalizers = new Map<string, number>()
  for (const finalizer of items.flatMap(item => item.metadata.finalizers ?? [])) {
    finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1)
  }
  return { resource, count: items.length, finalizers }
}

/** Reason and text of a deletion that waits, in the words namespaces use too. */
function remainingText(left: readonly Remains[], place: string): { reason: string; message: string } {
  const counts = new Map<string, number>()
  for (const { finalizers } of left) for (const [name, n] of finalizers) counts.set(name, (counts.get(name) ?? 0) + n)
  if (counts.size > 0) {
    const texts = [...counts].map(([name, n]) => `${name} in ${n} resource instances`)
    const message = `Some content in the ${place} has finalizers remaining: ${texts.sort().join(', ')}`
    return { reason: 'SomeFinalizersRemain', message }
  }
  const texts = left.map(({ resource, count }) => `${resource} has ${count} resource instances`)
  return { reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${texts.sort().join(', ')}` }
}
