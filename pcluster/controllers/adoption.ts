// Taking over what nobody controls: objects that a controller's selector finds, as after a delete that left its
// dependents behind. Leaves out: letting go of what no longer matches.
import { formatKey, type GroupVersionResource, type KubeObject, keyOf } from '../../api/objects.ts'
import { type LabelSelectorObject, labelSelectorOf, matchesLabels } from '../../api/selectors/label-selector.ts'
import type { Client } from '../../api-client/client.ts'
import { patchRead } from '../../kcp/controllers/loop.ts'
import { controllerOf } from '../workloads.ts'

export interface Adopter extends KubeObject {
  spec: { selector: LabelSelectorObject }
}

/** Those of the candidates that the owner takes over. */
export function orphansFor<T extends KubeObject>(owner: Adopter, candidates: readonly T[]): T[] {
  if (owner.metadata.deletionTimestamp) return []
  const selector = labelSelectorOf(owner.spec.selector)
  return candidates.filter(candidate => {
    const { namespace, deletionTimestamp, labels } = candidate.metadata
    if (deletionTimestamp || namespace !== owner.metadata.namespace) return false
    return controllerOf(candidate) === undefined && matchesLabels(selector, labels)
  })
}

/** Keys of the owners that would take the object over. */
export function adoptersOf(object: KubeObject, owners: readonly Adopter[]): string[] {
  return owners.filter(owner => orphansFor(owner, [object]).length > 0).map(owner => formatKey(keyOf(owner)))
}

export async function adopt(
  client: Client,
  gvr: GroupVersionResource,
  { owner, orphan }: { readonly owner: KubeObject; readonly orphan: KubeObject },
): Promise<void> {
  const { name, uid = '' } = owner.metadata
  const controller = {
    apiVersion: 'apps/v1',
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
  const ownerReferences = [...(orphan.metadata.ownerReferences ?? []), controller]
  await patchRead(client, gvr, { object: orphan, body: { metadata: { ownerReferences } } })
}
