// Discovery documents as rows that can be compared: one text a group or resource, lists in them sorted.
import { isObject } from './field-paths.ts'

type Json = Record<string, unknown>

/** Path of a document → its rows, of either form. Addresses and hashes of storage versions are left out. */
export function discoveryRows(documents: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const paths = Object.keys(documents).filter(path => path.startsWith('/api'))
  return Object.fromEntries(paths.sort().map(path => [path, rowsOf(documents[path]).sort()]))
}

function rowsOf(document: unknown): string[] {
  if (!isObject(document)) return []
  switch (document.kind) {
    case 'APIVersions':
      return textsOf(document.versions)
    case 'APIGroupList':
      return objectsOf(document.groups).map(groupRow)
    case 'APIResourceList':
      return objectsOf(document.resources).map(resourceRow)
    case 'APIGroupDiscoveryList':
      return objectsOf(document.items).flatMap(aggregatedRows)
    default:
      return [`kind ${document.kind}`]
  }
}

function groupRow({ name, versions, preferredVersion }: Json): string {
  const names = objectsOf(versions).map(({ version }) => version)
  const preferred = isObject(preferredVersion) ? preferredVersion.version : ''
  return `${name} ${names.join(',')} preferred ${preferred}`
}

function resourceRow(resource: Json): string {
  const { name, kind, namespaced, group, version, singularName } = resource
  return [
    `${name} ${kind} ${namespaced ? 'namespaced' : 'cluster'}`,
    `verbs=${sorted(resource.verbs)}`,
    ...setOf('short', resource.shortNames),
    ...setOf('categories', resource.categories),
    ...(singularName ? [`singular=${singularName}`] : []),
    ...(version === undefined ? [] : [`as=${group ?? ''}/${version}`]),
  ].join(' ')
}

function aggregatedRows(item: Json): string[] {
  const group = isObject(item.metadata) ? (item.metadata.name ?? '') : ''
  return objectsOf(item.versions).flatMap(({ version, resources }) =>
    objectsOf(resources).flatMap(resource => {
      const below = objectsOf(resource.subresources)
      return [
        aggregatedRow(`${group}/${version} ${resource.resource}`, resource),
        ...below.map(each => aggregatedRow(`${group}/${version} ${resource.resource}/${each.subresource}`, each)),
      ]
    }),
  )
}

function aggregatedRow(place: string, resource: Json): string {
  const { responseKind, scope, singularResource } = resource
  const { group, version, kind } = isObject(responseKind) ? responseKind : {}
  return [
    `${place} ${group}/${version}/${kind} ${scope ?? ''}`,
    `verbs=${sorted(resource.verbs)}`,
    ...setOf('short', resource.shortNames),
    ...setOf('categories', resource.categories),
    ...(singularResource ? [`singular=${singularResource}`] : []),
  ].join(' ')
}

function setOf(name: string, value: unknown): string[] {
  const texts = sorted(value)
  return texts === '' ? [] : [`${name}=${texts}`]
}

const sorted = (value: unknown): string => textsOf(value).sort().join(',')
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
