// The two forms of an Event: of the core group, which is stored, and of events.k8s.io.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { Conversion } from '../../registry/resource.ts'
import { asJson } from '../members.ts'

/** events.k8s.io → core */
const names: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
}
const coreNames = Object.fromEntries(Object.entries(names).map(([name, coreName]) => [coreName, name]))

export const eventConversion: Conversion = {
  storedApiVersion: 'v1',
  toStored(event) {
    const core = renamed(event, names)
    return Object.assign(core, { reportingComponent: core.reportingComponent ?? '' })
  },
  fromStored(core) {
    const event = renamed(core, coreNames)
    for (const name of ['reportingController', 'reportingInstance']) if (event[name] === '') delete event[name]
    return event
  },
}

function renamed(object: KubeObject, to: Readonly<Record<string, string>>): KubeObject & JsonObject {
  const entries = Object.entries(asJson(object)).map(([name, value]) => [
    Object.hasOwn(to, name) ? to[name] : name,
    value,
  ])
  return Object.fromEntries(entries)
}
