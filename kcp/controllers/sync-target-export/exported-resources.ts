// Reads what a SyncTarget's supported exports offer and compares it with what its physical cluster imported. Comparing is
// slow and its inputs change rarely, so answers are kept by the identities of both.
import type { JsonObject } from '../../../api/json.ts'
import { formatKey, type KubeObject } from '../../../api/objects.ts'
import type { FedInformer } from '../../../api-client/cache/informer.ts'
import type { ApiExport } from '../api-export/decide.ts'
import { type ApiResourceImport, type ImportFacts, negotiatedName } from '../api-negotiation/api-resource-import.ts'
import type { CompareSchemas } from '../api-negotiation/compare.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { getOrUndefined } from '../loop.ts'
import { apiResourceImports, apiResourceSchemas } from '../resources.ts'
import type { SchedulingDeps } from '../scheduling-loop.ts'
import type { SyncTargetFacts } from '../sync-target/sync-target.ts'
import type { Exported, ExportedResource, ExportedVersion } from './decide.ts'

export interface ApiResourceSchema extends KubeObject {
  spec: {
    group: string
    names: { plural: string }
    versions: { name: string; served?: boolean; schema?: JsonObject }[]
  }
}

export interface ExportedResourcesDeps extends SchedulingDeps {
  readonly exports: FedInformer<KubeObject>
  readonly resolve: ResolveCluster
  readonly compare: CompareSchemas
}

export type ReadExportedResources = (syncTarget: SyncTargetFacts) => Promise<Exported>

const answersMax = 2000

export function createReadExportedResources(deps: ExportedResourcesDeps): ReadExportedResources {
  const compatible = createCompatible(deps)
  return async syncTarget => {
    const found: ExportedResource[] = []
    let isComplete = true
    for (const { path, export: name } of syncTarget.supportedExports) {
      const reference = { name, from: syncTarget.cluster, ...(path ? { path } : {}) }
      const { cluster, object } = findReferenced(deps.exports, deps.resolve, reference)
      if (cluster === undefined || object === undefined) {
        isComplete = false
        continue
      }
      const { spec, status } = object as ApiExport
      for (const schemaName of spec?.latestResourceSchemas ?? []) {
        const schemaKey = { cluster, namespace: '', name: schemaName }
        const schema = await getOrUndefined<ApiResourceSchema>(deps.client, apiResourceSchemas, schemaKey)
        if (schema === undefined) continue
        const versions = await readVersions({ syncTarget, schema, compatible, deps })
        const { group, names } = schema.spec
        found.push({ group, resource: names.plural, identityHash: status?.identityHash ?? '', versions })
      }
    }
    return { resources: found, isComplete }
  }
}

interface VersionsInput {
  readonly syncTarget: SyncTargetFacts
  readonly schema: ApiResourceSchema
  readonly compatible: ReturnType<typeof createCompatible>
  readonly deps: ExportedResourcesDeps
}

async function readVersions({ syncTarget, schema, compatible, deps }: VersionsInput): Promise<ExportedVersion[]> {
  const { group, names, versions } = schema.spec
  const found: ExportedVersion[] = []
  for (const { name, served, schema: body } of versions) {
    if (served === false) continue
    const api = negotiatedName({ plural: names.plural, groupVersion: { group, version: name } })
    const facts = deps.scheduling.imports
      .byIndex('api', `${syncTarget.cluster}|${api}`)
      .find(({ location }) => location === syncTarget.name)
    const compatibility =
      body === undefined
        ? 'no-schema'
        : facts === undefined
          ? 'not-imported'
          : (await compatible({ id: `${schema.metadata.uid}/${name}`, body }, facts))
            ? 'compatible'
            : 'incompatible'
    found.push({ name, compatibility })
  }
  return found
}

function createCompatible({ client, compare, log }: ExportedResourcesDeps) {
  const answers = new Map<string, boolean>()
  return async (exported: { id: string; body: JsonObject }, facts: ImportFacts): Promise<boolean> => {
    const id = `${exported.id} ${facts.uid}/${facts.generation}`
    const known = answers.get(id)
    if (known !== undefined) return known
    const key = { cluster: facts.cluster, namespace: '', name: facts.name }
    const apiImport = await getOrUndefined<ApiResourceImport>(client, apiResourceImports, key)
    if (apiImport === undefined) return false
    const compared = compare(exported.body, apiImport.spec.openAPIV3Schema, { narrow: false })
    if ('problem' in compared) {
      log.info(
        { import: formatKey(key), problem: compared.problem },
        'imported schema is not compatible with the export',
      )
    }
    if (answers.size >= answersMax) answers.clear()
    answers.set(id, 'lcd' in compared)
    return 'lcd' in compared
  }
}
