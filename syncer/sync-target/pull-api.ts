// Describes one resource of the physical cluster as kcp wants it in an APIResourceImport: from its CRD where there is
// one, else from the published OpenAPI.
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isForbidden, isNotFound } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { DiscoveredResource } from '../../api-client/resources/discovery.ts'
import type { SchemaSource } from './published-schemas.ts'

/** The spec of an APIResourceImport, but for the location. */
export interface ApiDescription {
  readonly groupVersion: { readonly group?: string; readonly version: string }
  readonly scope: 'Namespaced' | 'Cluster'
  readonly plural: string
  readonly singular: string
  readonly shortNames?: readonly string[]
  readonly kind: string
  readonly listKind: string
  readonly categories?: readonly string[]
  readonly openAPIV3Schema: JsonObject
  readonly subResources?: readonly { readonly name: string }[]
  readonly columnDefinitions?: readonly JsonObject[]
}

export interface PulledApi {
  readonly description: ApiDescription
  /** Of protected groups. */
  readonly approval?: string
}

const crdsGvr = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }
const approvedAnnotation = 'api-approved.kubernetes.io'
const approvalDefault = 'https://github.com/kcp-dev/kubernetes/pull/4'
const openSchema: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** kcp serves these itself, natively, in every workspace. */
const nativeCoreResources = new Set([
  'configmaps',
  'secrets',
  'namespaces',
  'serviceaccounts',
  'events',
  'limitranges',
  'resourcequotas',
])
const nativeGroups = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'rbac.authorization.k8s.io',
])

export function isNative({ group, resource }: { group: string; resource: string }): boolean {
  return group === '' ? nativeCoreResources.has(resource) : nativeGroups.has(group)
}

/** Undefined when the resource has no schema that could be imported. */
export async function pullApi(
  resource: DiscoveredResource,
  from: { client: Client; schemas: SchemaSource; signal: AbortSignal },
): Promise<PulledApi | undefined> {
  const crd = await readCrd(from.client, resource, from.signal)
  const schema = crd ? crdSchema(crd, resource.version) : await from.schemas(resource, from.signal)
  if (!schema) return undefined
  const columns = crd ? crdColumns(crd, resource.version) : []
  const approval = isProtected(resource.group)
    ? (crd?.metadata.annotations?.[approvedAnnotation] ?? approvalDefault)
    : undefined
  return { description: describe(resource, schema, columns), ...(approval ? { approval } : {}) }
}

function describe(resource: DiscoveredResource, schema: JsonObject, columns: readonly JsonObject[]): ApiDescription {
  const { group, version, kind, shortNames, categories } = resource
  const subResources = ['scale', 'status'].filter(name => resource.subresources.includes(name)).map(name => ({ name }))
  return {
    groupVersion: { ...(group === '' ? {} : { group }), version },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    plural: resource.resource,
    singular: resource.singularName || kind.toLowerCase(),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    kind,
    listKind: `${kind}List`,
    ...(categories.length > 0 ? { categories } : {}),
    openAPIV3Schema: schema,
    ...(subResources.length > 0 ? { subResources } : {}),
    ...(columns.length > 0 ? { columnDefinitions: columns } : {}),
  }
}

async function readCrd(
  client: Client,
  resource: DiscoveredResource,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const name = `${resource.resource}.${resource.group === '' ? 'core' : resource.group}`
  try {
    return await client.get(crdsGvr, { name }, { signal })
  } catch (error) {
    // Without the right to read CRDs the published schema has to do.
    if (isNotFound(error) || isForbidden(error)) return undefined
    throw error
  }
}

function crdVersion(crd: KubeObject, name: string): JsonObject | undefined {
  const { spec } = crd as { spec?: JsonValue }
  const versions = isJsonObject(spec) && Array.isArray(spec.versions) ? spec.versions : []
  return versions.filter(isJsonObject).find(version => version.name === name)
}

function crdSchema(crd: KubeObject, versionName: string): JsonObject {
  const { status } = crd as { status?: { conditions?: { type: string; status: string }[] } }
  const isLoose = status?.conditions?.some(({ type, status: is }) => type === 'NonStructuralSchema' && is === 'True')
  const validation = crdVersion(crd, versionName)?.schema
  const schema = isJsonObject(validation) ? validation.openAPIV3Schema : undefined
  return isLoose || !isJsonObject(schema) ? openSchema : schema
}

function crdColumns(crd: KubeObject, versionName: string): JsonObject[] {
  const columns = crdVersion(crd, versionName)?.additionalPrinterColumns
  if (!Array.isArray(columns)) return []
  return columns.filter(isJsonObject).map(column => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description ?? '',
    priority: column.priority ?? 0,
    jsonPath: column.jsonPath,
  }))
}

function isProtected(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some(suffix => group === suffix || group.endsWith(`.${suffix}`))
}
