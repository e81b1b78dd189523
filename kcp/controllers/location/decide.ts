// How many SyncTargets a Location has, how many of them take work, and its labels as one text for columns.
import { locationLabelsAnnotation } from '../../../api/names/kcp-keys.ts'
import { matchesLabels } from '../../../api/selectors/label-selector.ts'
import type { SyncTargetFacts } from '../sync-target/sync-target.ts'
import { type Location, locationFacts } from './location.ts'

export interface Decision {
  readonly metadata?: { annotations: Record<string, string | null> }
  readonly status?: { instances: number; availableInstances: number }
}

/** `syncTargets`: of the Location's logical cluster. */
export function decide(location: Location, syncTargets: readonly SyncTargetFacts[]): Decision {
  const { labels, instances: selector } = locationFacts(location)
  const selected = syncTargets.filter(syncTarget => matchesLabels(selector, syncTarget.labels))
  const instances = selected.length
  const availableInstances = selected.filter(({ isReady, unschedulable }) => isReady && !unschedulable).length
  const status = location.status
  const isCounted = status?.instances === instances && status.availableInstances === availableInstances
  const text = labelsText(labels)
  const isLabelled = (location.metadata.annotations?.[locationLabelsAnnotation] ?? '') === text
  return {
    ...(isLabelled ? {} : { metadata: { annotations: { [locationLabelsAnnotation]: text === '' ? null : text } } }),
    ...(isCounted ? {} : { status: { instances, availableInstances } }),
  }
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' ')
}
