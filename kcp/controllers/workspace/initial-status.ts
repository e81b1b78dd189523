// The status of a logical cluster when its initializers may start.
import { setCondition } from '../../../api/conditions.ts'
import { pending } from '../logical-cluster/decide.ts'
import type { LogicalCluster } from './workspace.ts'

/** Phase, initializers and what follows from them. */
export function initialStatus({ spec }: LogicalCluster, { url, now }: { url: string; now: Date }) {
  const { initializers = [] } = spec
  const conditions = initializers.length === 0 ? [] : setCondition([], pending(initializers), now)
  return { phase: 'Initializing', URL: url, initializers, conditions }
}
