// The columns of `kubectl get --subresource=scale`, for an object of any kind that can be scaled.
import { numberValue } from '../../api/json.ts'
import { formatAgeSince } from '../../api/time.ts'
import type { ResourceType, TableColumn, TableType } from '../registry/resource.ts'
import { scaleOf } from '../registry/scale.ts'

const columns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name of what is scaled.', priority: 0 },
  { name: 'Desired', type: 'integer', format: '', description: 'Replicas that are wanted.', priority: 0 },
  { name: 'Available', type: 'integer', format: '', description: 'Replicas that are there.', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: 'How long ago it was created.', priority: 0 },
]

export function scaleTableOf(type: ResourceType): TableType {
  return {
    columns,
    cells(object, now) {
      const { spec, status } = scaleOf(type, object)
      const replicasOf = (part: unknown) => numberValue((part as { replicas?: number } | undefined)?.replicas) ?? 0
      return [
        object.metadata.name,
        replicasOf(spec),
        replicasOf(status),
        formatAgeSince(object.metadata.creationTimestamp, now),
      ]
    },
  }
}
