// Keeps status and the labels annotation of Locations true.
import { equalJson } from '../../../api/json.ts'
import { formatKey, parseKey } from '../../../api/objects.ts'
import { getOrUndefined, type Loop } from '../loop.ts'
import { locations } from '../resources.ts'
import { patchSameObject } from '../same-object.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { decide } from './decide.ts'
import type { Location } from './location.ts'

export function startLocationController(deps: SchedulingDeps): Loop {
  const { client, scheduling } = deps
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-location-status',
    reconcile: async text => {
      const key = parseKey(text)
      const location = await getOrUndefined<Location>(client, locations, key)
      if (location === undefined) return
      const { metadata, status } = decide(location, scheduling.syncTargets.byIndex('cluster', key.cluster))
      if (metadata) await patchSameObject(client, locations, { object: location, body: { metadata } })
      if (status) {
        await patchSameObject(client, locations, { object: location, body: { status }, subresource: 'status' })
      }
    },
  })
  scheduling.locations.onChange((key, after, before) => {
    if (after !== undefined && !equalJson(after, before)) loop.add(formatKey(key))
  })
  scheduling.syncTargets.onChange((key, after, before) => {
    if (equalJson(after, before)) return
    for (const location of scheduling.locations.keysByIndex('cluster', key.cluster)) loop.add(location)
  })
  return loop
}
