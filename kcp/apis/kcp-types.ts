// kcp's own types: those served in every logical cluster, and the schemas and exports that bootstrap creates.
// Leaves out: bindings and permissions of the exports (bootstrap).
import { copyJson, type JsonObject } from '../../api/json.ts'
import type { ResourceType } from '../registry/resource.ts'
import { customKeyPrefix, customResourceType } from './custom-type.ts'
import { computeSchemas, kcpSchemas, type NamedSpec, systemCrds } from './generated-tables.ts'
import { objectAt, objectsAt, textAt } from './members.ts'

/** An APIExport and the APIResourceSchemas it exports. */
export interface ExportFacts {
  readonly name: string
  readonly schemas: readonly NamedSpec[]
}

const exportGroups = [
  'shards.core.kcp.io',
  'tenancy.kcp.io',
  'scheduling.kcp.io',
  'workload.kcp.io',
  'apiresource.kcp.io',
  'topology.kcp.io',
]

/** The six exports of root; only shards.core.kcp.io exports one resource of its group. */
export const kcpExports: readonly ExportFacts[] = exportGroups.map(name => ({
  name,
  schemas: kcpSchemas.filter(schema => groupResourceOf(schema) === name || textAt(schema.spec, 'group') === name),
}))

/** Schemas that lie in root unexported. */
export const unexportedSchemas: readonly NamedSpec[] = kcpSchemas.filter(
  schema => !kcpExports.some(facts => facts.schemas.includes(schema)),
)

/** In the order of its latestResourceSchemas. */
const computeOrder = ['ingresses', 'services', 'deployments', 'pods']

/** The export of root:compute. */
export const computeExport: ExportFacts = {
  name: 'kubernetes',
  schemas: [...computeSchemas].sort((a, b) => computeRank(a) - computeRank(b)),
}

function computeRank(schema: NamedSpec): number {
  return computeOrder.indexOf(textAt(schema.spec, 'names', 'plural'))
}

function groupResourceOf({ spec }: NamedSpec): string {
  return `${textAt(spec, 'names', 'plural')}.${textAt(spec, 'group')}`
}

/** The APIResourceSchema object to create; its spec is a fresh copy. */
export function resourceSchemaObject({ name, approved, spec }: NamedSpec): JsonObject {
  const annotations = approved === undefined ? {} : { annotations: { 'api-approved.kubernetes.io': approved } }
  return {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIResourceSchema',
    metadata: { name, ...annotations },
    spec: copyJson(spec),
  }
}

let system: readonly ResourceType[] | undefined

/** Served in every logical cluster, before bindings and CRDs. */
export function systemTypes(): readonly ResourceType[] {
  system ??= systemCrds.flatMap(typesOfSystemCrd)
  return system
}

function typesOfSystemCrd({ spec }: NamedSpec): ResourceType[] {
  const group = textAt(spec, 'group')
  const names = objectAt(spec, 'names')
  const versions = objectsAt(spec, 'versions')
  const storage = versions.find(version => version.storage === true)
  return versions.map(version =>
    customResourceType({
      group,
      names,
      scope: textAt(spec, 'scope'),
      version,
      openAPIV3Schema: objectAt(version, 'schema', 'openAPIV3Schema'),
      storageVersion: textAt(storage, 'name'),
      keyPrefix: customKeyPrefix(group, textAt(names, 'plural'), ''),
      origin: 'system',
      identityHash: '',
      terminating: false,
    }),
  )
}
