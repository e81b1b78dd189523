// The columns of `kubectl get --subresource=scale`, of a Scale whatever is scaled.
import { isJsonObject, numberValue } from '../../api/json.ts'
import { formatAgeSince } from '../../api/time.ts'
import type { TableType } from '../registry/resource.ts'

export const scaleTable: TableType = {
  columns: [
    { name: 'Name', type: 'string', format: 'name', description: 'Name of what is scaled.', priority: 0 },
    { name: 'Desired', type: 'integer', format: '', description: 'Replicas that are wanted.', priority: 0 },
    { name: 'Available', type: 'integer', format: '', description: 'Replicas that are there.', priority: 0 },
    { name: 'Age', type: 'date', format: '', description: 'How long ago it was created.', priority: 0 },
  ],
  cells({ metadata, spec, status }, now) {
    const replicasOf = (part: unknown) => (isJsonObject(part) ? (numberValue(part.replicas) ?? 0) : 0)
    return [metadata.name, replicasOf(spec), replicasOf(status), formatAgeSince(metadata.creationTimestamp, now)]
  },
}
