// The local export of a workspace with SyncTargets: one schema for each API its physical clusters have in common.
import { copyJson, equalJson, type JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { ColumnDefinition, NegotiatedApiResource } from '../api-negotiation/api-resource-import.ts'
import type { ApiResourceSchema } from '../sync-target-export/exported-resources.ts'

export interface Observed {
  readonly apiExport: KubeObject & { spec?: { latestResourceSchemas?: string[] } }
  readonly negotiated: readonly NegotiatedApiResource[]
  /** Those of this logical cluster that the export owns. */
  readonly schemas: readonly ApiResourceSchema[]
  /** A SyncTarget here supports the compute export, which has the usual kinds already. */
  readonly usesComputeExport: boolean
}

export interface Decision {
  readonly creations: readonly KubeObject[]
  /** undefined: stays. */
  readonly latestResourceSchemas: readonly string[] | undefined
  /** Names of schemas that are of no use after the writes above. */
  readonly deletions: readonly string[]
}

const computeExportResources = new Set([
  'deployments.apps',
  'services.core',
  'ingresses.networking.k8s.io',
  'pods.core',
])

export function decide({ apiExport, negotiated, schemas, usesComputeExport }: Observed): Decision {
  const listed = apiExport.spec?.latestResourceSchemas ?? []
  const owned = new Set(schemas.map(({ metadata }) => metadata.name))
  const foreign = listed.filter(name => !owned.has(name) && !isOurs(name))
  const creations: KubeObject[] = []
  const names: string[] = []
  const exported = negotiated
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .filter(resource => !usesComputeExport || !computeExportResources.has(groupResourceName(resource)))
    .sort((a, b) => (groupResourceName(a) < groupResourceName(b) ? -1 : 1))
  for (const resource of exported) {
    const spec = schemaSpec(resource)
    const suffix = groupResourceName(resource)
    const current = schemas.find(
      ({ metadata, spec: old }) => nameSuffix(metadata.name) === suffix && equalJson(comparable(old), comparable(spec)),
    )
    if (current === undefined) creations.push(newSchema(apiExport, resource, spec))
    names.push(current?.metadata.name ?? schemaName(resource))
  }
  const wanted = [...foreign, ...names]
  return {
    creations,
    latestResourceSchemas: equalJson(listed, wanted) ? undefined : wanted,
    deletions: [...owned].filter(name => !names.includes(name)),
  }
}

/** `<plural>.<group or core>` */
function groupResourceName({ spec }: NegotiatedApiResource): string {
  return `${spec.plural}.${spec.groupVersion.group || 'core'}`
}

function schemaName(resource: NegotiatedApiResource): string {
  return `rev-${resource.metadata.resourceVersion ?? '0'}.${groupResourceName(resource)}`
}

function isOurs(name: string): boolean {
  return /^rev-\d+\./.test(name)
}

function nameSuffix(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

/** The server adds defaults; what was written comes back with them. */
function comparable(spec: object): unknown {
  const { versions = [], ...rest } = copyJson(spec) as { versions?: JsonObject[] }
  return {
    ...rest,
    versions: versions.map(({ subresources, ...version }) => ({ ...version, subresources: subresources ?? {} })),
  }
}

function newSchema(apiExport: KubeObject, resource: NegotiatedApiResource, spec: JsonObject): KubeObject {
  const { name, uid = '' } = apiExport.metadata
  const group = resource.spec.groupVersion.group ?? ''
  const isProtected = /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group)
  const approval = { 'api-approved.kubernetes.io': 'https://github.com/kcp-dev/kubernetes/pull/4' }
  const annotations = resource.metadata.annotations?.['api-approved.kubernetes.io']
    ? { 'api-approved.kubernetes.io': resource.metadata.annotations['api-approved.kubernetes.io'] }
    : isProtected
      ? approval
      : undefined
  return {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIResourceSchema',
    metadata: {
      name: schemaName(resource),
      ...(annotations ? { annotations } : {}),
      ownerReferences: [{ apiVersion: apiExport.apiVersion, kind: apiExport.kind, name, uid }],
    },
    spec,
  }
}

function schemaSpec({ spec }: NegotiatedApiResource): JsonObject {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = spec
  const subresources = (spec.subResources ?? []).map(({ name }) => name)
  const columns = spec.columnDefinitions ?? []
  const version: JsonObject = {
    name: spec.groupVersion.version,
    served: true,
    storage: true,
    schema: copyJson(spec.openAPIV3Schema),
    subresources: {
      ...(subresources.includes('status') ? { status: {} } : {}),
      ...(subresources.includes('scale')
        ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
        : {}),
    },
    ...(columns.length > 0 ? { additionalPrinterColumns: columns.map(printerColumn) } : {}),
  }
  return {
    group: spec.groupVersion.group ?? '',
    names: {
      plural,
      singular: singular || kind.toLowerCase(),
      kind,
      listKind: listKind || `${kind}List`,
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
    },
    scope: spec.scope,
    versions: [version],
  }
}

function printerColumn({ name, type, format, description, priority, jsonPath }: ColumnDefinition): JsonObject {
  return {
    name,
    type,
    jsonPath: jsonPath ?? '',
    ...(format === '' ? {} : { format }),
    ...(description === '' ? {} : { description }),
    ...(priority === 0 ? {} : { priority }),
  }
}
