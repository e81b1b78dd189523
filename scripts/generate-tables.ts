// Makes the fact tables of kcp/apis/generated from recorded discovery and OpenAPI documents: names, types, topology.
// Usage: scripts/node.sh scripts/generate-tables.ts <folder with kubernetes-1.31 and kcp-0.11>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Json {
  [member: string]: unknown
}

const [dataFolder] = process.argv.slice(2)
if (dataFolder === undefined) throw new Error('usage: generate-tables.ts <data folder>')
const kubernetesFolder = join(dataFolder, 'kubernetes-1.31')
const kcpFolder = join(dataFolder, 'kcp-0.11')
const outputFolder = join(import.meta.dirname, '../kcp/apis/generated')

/** Groups no part of us serves. */
const leftOutGroups = new Set(['flowcontrol.apiserver.k8s.io', 'apiregistration.k8s.io'])
/** Needed by documents although no resource has them as its kind. */
const extraComponents = [
  'io.k8s.api.authentication.v1.TokenRequest',
  'io.k8s.api.autoscaling.v1.Scale',
  'io.k8s.api.core.v1.Binding',
  'io.k8s.api.policy.v1.Eviction',
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta',
  'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry',
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Status',
  'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent',
]
const referencePrefix = '#/components/schemas/'

const components = compactComponents()
const resources = kubernetesResources()
writeRows('kubernetes-resources.json', resources)
const servedComponents = reachable(resources.map(resource => String(resource.component)))
const served = new Set(servedComponents.map(([name]) => name))
writeEntries('kubernetes-components.json', servedComponents)
writeRows('kcp-schemas.json', resourceSchemas('root'))
writeRows('compute-schemas.json', resourceSchemas('root-compute'))
writeRows('system-crds.json', systemCrds())
writeEntries('kubernetes-structs.json', structMembers())

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function writeRows(file: string, rows: readonly unknown[]): void {
  writeFileSync(join(outputFolder, file), `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`)
}

function writeEntries(file: string, entries: readonly (readonly [string, unknown])[]): void {
  const lines = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  writeFileSync(join(outputFolder, file), `{\n${lines.join(',\n')}\n}\n`)
}

/** A component that several groups use comes several times. */
function* recordedSchemas(): Generator<{ name: string; schema: Json }> {
  for (const file of readdirSync(join(kubernetesFolder, 'openapi-v3')).sort()) {
    const document = readJson(join(kubernetesFolder, 'openapi-v3', file))
    const schemas = (document.components as Json | undefined)?.schemas as Record<string, Json> | undefined
    for (const [name, schema] of Object.entries(schemas ?? {})) yield { name, schema }
  }
}

function compactComponents(): Map<string, Json> {
  const found = new Map<string, Json>()
  for (const { name, schema } of recordedSchemas()) found.set(name, compact(schema))
  const meta = found.get('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  // The recording leaves managedFields out.
  Object.assign(meta?.properties as Json, {
    managedFields: {
      type: 'array',
      items: { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry' },
      'x-kubernetes-list-type': 'atomic',
    },
  })
  return found
}

/** Zero defaults go (Go prints them, nothing else follows from them), and `allOf` around one reference too. */
function compact(schema: Json): Json {
  const { allOf, default: value, properties, items, additionalProperties, $ref: reference, ...rest } = schema
  const [only] = Array.isArray(allOf) ? allOf : []
  const target = reference ?? (only as Json | undefined)?.$ref
  const result: Json = { ...rest }
  if (typeof target === 'string') result.$ref = target.slice(referencePrefix.length)
  if (!isZero(value)) result.default = value
  if (properties) {
    const entries = Object.entries(properties as Record<string, Json>).map(([name, member]) => [name, compact(member)])
    result.properties = Object.fromEntries(entries)
  }
  if (items) result.items = compact(items as Json)
  if (typeof additionalProperties === 'object' && additionalProperties) {
    result.additionalProperties = compact(additionalProperties as Json)
  }
  const isOpen = !result.$ref && !result.properties && !result.additionalProperties && !result.oneOf
  if (isOpen && (result.type === 'object' || result.type === undefined)) {
    result['x-kubernetes-preserve-unknown-fields'] = true
  }
  return result
}

/** Members of each component that are structs in Go: they have an empty default, and are written always. */
function structMembers(): [string, string[]][] {
  const rows = new Map<string, string[]>()
  for (const { name, schema } of recordedSchemas()) {
    const members = Object.entries((schema.properties ?? {}) as Record<string, Json>)
      .filter(([, member]) => JSON.stringify(member.default) === '{}')
      .map(([member]) => member)
    if (members.length > 0 && served.has(name)) rows.set(name, members)
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
}

function isZero(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || value === false || JSON.stringify(value) === '{}'
}

function kubernetesResources(): Json[] {
  const kinds = new Map<string, string>()
  for (const [name, schema] of components) {
    for (const gvk of (schema['x-kubernetes-group-version-kind'] as Json[] | undefined) ?? []) {
      kinds.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, name)
    }
  }
  const rows: Json[] = []
  for (const file of ['discovery_api_aggregated.json', 'discovery_apis_aggregated.json']) {
    for (const group of readJson(join(kubernetesFolder, file)).items as Json[]) {
      const name = String((group.metadata as Json).name ?? '')
      if (leftOutGroups.has(name)) continue
      for (const version of group.versions as Json[]) {
        for (const resource of version.resources as Json[]) {
          rows.push(resourceRow({ group: name, version: String(version.version) }, resource, kinds))
        }
      }
    }
  }
  return rows
}

function resourceRow(gv: { group: string; version: string }, resource: Json, kinds: Map<string, string>): Json {
  const kind = String((resource.responseKind as Json).kind)
  const subresources = ((resource.subresources as Json[] | undefined) ?? []).map(subresource => {
    const response = subresource.responseKind as Json
    const responseKind = { group: response.group, version: response.version || gv.version, kind: response.kind }
    const isOwn = response.kind === kind && response.group === ''
    return [subresource.subresource, { verbs: subresource.verbs, ...(isOwn ? {} : { responseKind }) }]
  })
  return {
    ...gv,
    resource: resource.resource,
    kind,
    singular: resource.singularResource,
    namespaced: resource.scope === 'Namespaced',
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    verbs: resource.verbs,
    subresources: Object.fromEntries(subresources),
    component: kinds.get(`${gv.group}/${gv.version}/${kind}`),
  }
}

function reachable(roots: readonly string[]): [string, Json][] {
  const found = new Map<string, Json>()
  const visit = (name: string) => {
    const schema = components.get(name)
    if (found.has(name) || schema === undefined) return
    const { 'x-kubernetes-unions': _unused, ...facts } = schema
    found.set(name, facts)
    for (const reference of references(schema)) visit(reference)
  }
  for (const root of [...roots, ...extraComponents]) visit(root)
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

function references(schema: Json): string[] {
  const members = Object.values((schema.properties as Record<string, Json> | undefined) ?? {})
  const nested = [...members, schema.items, schema.additionalProperties].filter(
    (value): value is Json => typeof value === 'object' && value !== null,
  )
  const own = typeof schema.$ref === 'string' ? [schema.$ref] : []
  return [...own, ...nested.flatMap(references)]
}

function resourceSchemas(folder: string): Json[] {
  const path = join(kcpFolder, 'apiresourceschemas', folder)
  return readdirSync(path)
    .sort()
    .map(file => {
      const object = readJson(join(path, file))
      const { name, annotations } = object.metadata as { name: string; annotations?: Record<string, string> }
      const approved = annotations?.['api-approved.kubernetes.io']
      return { name, ...(approved === undefined ? {} : { approved }), spec: object.spec }
    })
}

function systemCrds(): Json[] {
  const [crds] = Object.values(readJson(join(kcpFolder, 'objects-system-system-crds.json')))
  return (crds as Json[])
    .map(crd => ({ name: (crd.metadata as Json).name, spec: crd.spec }))
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))
}
