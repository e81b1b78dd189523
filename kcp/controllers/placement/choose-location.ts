// Which Location a Placement uses: the selected one while it is valid, else one of the valid ones at random.
import { type ConditionState, falseCondition, readyType, trueCondition } from '../../../api/conditions.ts'
import { matchesLabels } from '../../../api/selectors/label-selector.ts'
import { type LocationFacts, resourceText, selectorOrNothing } from '../location/location.ts'
import type { Placement, PlacementStatus } from './placement.ts'

export interface LocationChoice {
  readonly selected: LocationFacts | undefined
  readonly selectedLocation: PlacementStatus['selectedLocation']
  readonly ready: ConditionState
}

export interface LocationsObserved {
  readonly placement: Placement
  /** Logical cluster of the locations; undefined: the path leads nowhere. */
  readonly locationCluster: string | undefined
  /** All Locations there. */
  readonly locations: readonly LocationFacts[]
  /** In [0, 1). */
  readonly random: number
}

export function chooseLocation(observed: LocationsObserved): LocationChoice {
  const { placement, locationCluster, locations, random } = observed
  const none = (reason: string, message: string): LocationChoice => ({
    selected: undefined,
    selectedLocation: undefined,
    ready: falseCondition(readyType, { reason, severity: 'Error', message }),
  })
  if (locationCluster === undefined) {
    return none('LocationNotFound', `logical cluster of path "${placement.spec.locationWorkspace}" not found`)
  }
  const candidates = locations.filter(location => isCandidate(placement, location))
  const current = placement.status?.selectedLocation
  const kept = candidates.find(({ cluster, name }) => current?.path === cluster && current.locationName === name)
  const selected = kept ?? pick(candidates, ({ name }) => name, random)
  if (selected === undefined) return none('LocationNoMatch', 'No valid location is found')
  return {
    selected,
    selectedLocation: { path: selected.cluster, locationName: selected.name },
    ready: trueCondition(readyType),
  }
}

function isCandidate({ spec }: Placement, location: LocationFacts): boolean {
  if (resourceText(spec.locationResource) !== location.resource) return false
  return (spec.locationSelectors ?? []).some(selector => matchesLabels(selectorOrNothing(selector), location.labels))
}

/** One of the list, the same one for the same random number whatever the order is. */
export function pick<T>(list: readonly T[], nameOf: (item: T) => string, random: number): T | undefined {
  const sorted = [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return sorted[Math.min(sorted.length - 1, Math.floor(random * sorted.length))]
}
