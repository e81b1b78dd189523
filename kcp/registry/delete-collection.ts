// DELETE of all selected objects of a range, each with the rules of a single delete.
import { isNotFound } from '../../api/status-error.ts'
import { type DeleteOptions, deleteObject } from './delete.ts'
import { localKeyOf } from './keys.ts'
import { type ListedObjects, type ListOptions, listObjects } from './list.ts'
import type { RegistryParts, WriteTarget } from './parts.ts'

/** The objects as they were before. */
export async function deleteCollection(
  parts: RegistryParts,
  target: WriteTarget,
  options: { list: ListOptions; delete: DeleteOptions },
): Promise<ListedObjects> {
  const { type, context } = target
  const range = { type, cluster: context.cluster, namespace: target.namespace }
  const listed = await listObjects(parts.store, range, options.list)
  for (const { key } of listed.items) {
    try {
      await deleteObject(parts, { ...target, ...localKeyOf(type, key) }, options.delete)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  return listed
}
