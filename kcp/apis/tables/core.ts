// Tables of the core group, events and leases.
import { plainText } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import { formatAgeSince } from '../../../api/time.ts'
import type { TableType } from '../../registry/resource.ts'
import { listAt, numberAt, objectAt, objectsAt, textAt, textsAt } from '../members.ts'
import { ageColumn, column, createTable, nameColumn, textOr, wide } from './table.ts'

function entryCount(object: KubeObject, ...names: string[]): number {
  return names.reduce((sum, name) => sum + Object.keys(objectAt(object, name)).length, 0)
}

export const namespaceTable: TableType = createTable([
  nameColumn,
  column('Status', object => textAt(object, 'status', 'phase')),
  ageColumn,
])

export const configMapTable: TableType = createTable([
  nameColumn,
  column('Data', object => entryCount(object, 'data', 'binaryData')),
  ageColumn,
])

export const secretTable: TableType = createTable([
  nameColumn,
  column('Type', object => textAt(object, 'type')),
  column('Data', object => entryCount(object, 'data')),
  ageColumn,
])

export const serviceAccountTable: TableType = createTable([
  nameColumn,
  column('Secrets', object => listAt(object, 'secrets').length),
  ageColumn,
])

export const resourceQuotaTable: TableType = createTable([
  nameColumn,
  ageColumn,
  column('Request', object => formatQuota(object, key => !key.startsWith('limits.'))),
  column('Limit', object => formatQuota(object, key => key.startsWith('limits.'))),
])

function formatQuota(object: KubeObject, isShown: (key: string) => boolean): string {
  const hard = objectAt(object, 'status', 'hard')
  const used = objectAt(object, 'status', 'used')
  return Object.keys(hard)
    .filter(isShown)
    .sort()
    .map(key => `${key}: ${plainText(used[key] ?? 0)}/${plainText(hard[key])}`)
    .join(', ')
}

/** Both event groups store the same objects, so either set of members may be filled. */
export const eventTable: TableType = createTable([
  column('Last Seen', (object, now) => formatAgeSince(lastSeen(object), now)),
  column('Type', object => textAt(object, 'type')),
  column('Reason', object => textAt(object, 'reason')),
  column('Object', object => involvedObject(object)),
  wide('Subobject', object => textAt(involved(object), 'fieldPath')),
  wide('Source', object => eventSource(object)),
  column('Message', object => (textAt(object, 'message') || textAt(object, 'note')).trim()),
  wide('First Seen', (object, now) => formatAgeSince(firstSeen(object), now)),
  wide('Count', object => numberAt(object, 'series', 'count') ?? numberAt(object, 'count') ?? 1),
  { ...nameColumn, priority: 1 },
])

function involved(object: KubeObject) {
  return objectAt(object, object.regarding === undefined ? 'involvedObject' : 'regarding')
}

function involvedObject(object: KubeObject): string {
  const reference = involved(object)
  const name = textAt(reference, 'name')
  const kind = textAt(reference, 'kind').toLowerCase()
  return name === '' ? kind : `${kind}/${name}`
}

function eventSource(object: KubeObject): string {
  const source = objectAt(object, object.deprecatedSource === undefined ? 'source' : 'deprecatedSource')
  const component = textAt(source, 'component') || textAt(object, 'reportingComponent')
  return [component, textAt(source, 'host')].filter(text => text !== '').join(', ')
}

function lastSeen(object: KubeObject): string {
  return (
    textAt(object, 'series', 'lastObservedTime') ||
    textAt(object, 'lastTimestamp') ||
    textAt(object, 'deprecatedLastTimestamp') ||
    firstSeen(object)
  )
}

function firstSeen(object: KubeObject): string {
  return textAt(object, 'firstTimestamp') || textAt(object, 'deprecatedFirstTimestamp') || textAt(object, 'eventTime')
}

export const leaseTable: TableType = createTable([
  nameColumn,
  column('Holder', object => textAt(object, 'spec', 'holderIdentity')),
  ageColumn,
])

export const endpointsTable: TableType = createTable([
  nameColumn,
  column('Endpoints', object => formatEndpoints(object)),
  ageColumn,
])

const endpointsShownMax = 3

function formatEndpoints(object: KubeObject): string {
  const all = objectsAt(object, 'subsets').flatMap(subset => {
    const ports = objectsAt(subset, 'ports')
    const addresses = objectsAt(subset, 'addresses').map(address => textAt(address, 'ip'))
    if (ports.length === 0) return addresses
    return ports.flatMap(port => addresses.map(address => `${address}:${numberAt(port, 'port') ?? 0}`))
  })
  return shorten(all, endpointsShownMax)
}

function shorten(texts: readonly string[], shownMax: number): string {
  const shown = texts.slice(0, shownMax).join(',')
  return textOr(texts.length > shownMax ? `${shown} + ${texts.length - shownMax} more...` : shown)
}

export const endpointSliceTable: TableType = createTable([
  nameColumn,
  column('AddressType', object => textAt(object, 'addressType')),
  column('Ports', object => {
    const ports = objectsAt(object, 'ports').map(port => String(numberAt(port, 'port') ?? '*'))
    return ports.length === 0 ? '<unset>' : shorten(ports, endpointsShownMax)
  }),
  column('Endpoints', object => {
    const addresses = objectsAt(object, 'endpoints').flatMap(endpoint => textsAt(endpoint, 'addresses'))
    return addresses.length === 0 ? '<unset>' : shorten(addresses, endpointsShownMax)
  }),
  ageColumn,
])
