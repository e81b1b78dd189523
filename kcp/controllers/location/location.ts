// Shape of Locations, and the facts of each that scheduling keeps.
import type { KubeObject } from '../../../api/objects.ts'
import {
  type LabelSelector,
  type LabelSelectorObject,
  labelSelectorOf,
  nothing,
} from '../../../api/selectors/label-selector.ts'
import { StatusError } from '../../../api/status-error.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { clusterOf } from '../loop.ts'

export interface Location extends KubeObject {
  spec: {
    resource: { group?: string; version: string; resource: string }
    instanceSelector?: LabelSelectorObject
  }
  status?: { instances?: number; availableInstances?: number }
}

export interface LocationFacts {
  readonly name: string
  readonly cluster: string
  readonly labels: Readonly<Record<string, string>>
  /** `<group>/<version>/<resource>` of the instances. */
  readonly resource: string
  readonly instances: LabelSelector
}

export function locationFacts(object: KubeObject): LocationFacts {
  const { metadata, spec } = object as Location
  return {
    name: metadata.name,
    cluster: clusterOf(object),
    labels: metadata.labels ?? {},
    resource: resourceText(spec.resource),
    instances: selectorOrNothing(spec.instanceSelector),
  }
}

export function resourceText(gvr: { group?: string | undefined; version: string; resource: string }): string {
  return `${gvr.group ?? ''}/${gvr.version}/${gvr.resource}`
}

/** A selector that breaks the rules selects nothing: one tenant's mistake must not stop the others. */
export function selectorOrNothing(selector: LabelSelectorObject | null | undefined): LabelSelector {
  try {
    return labelSelectorOf(selector)
  } catch (error) {
    if (error instanceof StatusError) return nothing
    throw error
  }
}

export const locationProjection: Projection<LocationFacts> = {
  project: locationFacts,
  indexes: { cluster: ({ cluster }) => [cluster] },
}
