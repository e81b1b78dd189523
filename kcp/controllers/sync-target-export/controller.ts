// Keeps status.syncedResources of SyncTargets true to their exports and to what their physical clusters have.
import { equalJson } from '../../../api/json.ts'
import { formatKey, parseKey } from '../../../api/objects.ts'
import type { ApiExport } from '../api-export/decide.ts'
import type { CompareSchemas } from '../api-negotiation/compare.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { getOrUndefined, type Loop } from '../loop.ts'
import { apiExports, apiResourceSchemas, syncTargets } from '../resources.ts'
import { patchSameObject } from '../same-object.ts'
import { type SchedulingDeps, startSchedulingLoop } from '../scheduling-loop.ts'
import { type SyncTarget, type SyncTargetFacts, syncTargetFacts } from '../sync-target/sync-target.ts'
import { decide } from './decide.ts'
import { createReadExportedResources } from './exported-resources.ts'

export interface SyncTargetExportDeps extends SchedulingDeps {
  readonly resolve: ResolveCluster
  readonly compare: CompareSchemas
}

export function startSyncTargetExportController(deps: SyncTargetExportDeps): Loop {
  const { client, scheduling, informers, resolve } = deps
  const exports = informers.objectsOf(apiExports)
  const referencesCluster = (facts: SyncTargetFacts, cluster: string) =>
    facts.supportedExports.some(({ path, export: name }) => {
      const reference = { name, from: facts.cluster, ...(path ? { path } : {}) }
      return findReferenced(exports, resolve, reference).cluster === cluster
    })
  const readExportedResources = createReadExportedResources({ ...deps, exports })
  const loop = startSchedulingLoop(deps, {
    name: 'kcp-synctarget-export',
    reconcile: async text => {
      const syncTarget = await getOrUndefined<SyncTarget>(client, syncTargets, parseKey(text))
      if (syncTarget === undefined) return
      const exported = await readExportedResources(syncTargetFacts(syncTarget))
      const syncedResources = decide(syncTarget.status?.syncedResources, exported)
      if (syncedResources === undefined) return
      const body = { status: { syncedResources } }
      await patchSameObject(client, syncTargets, { object: syncTarget, body, subresource: 'status' })
    },
  })
  scheduling.syncTargets.onChange((key, after, before) => {
    if (after !== undefined && !equalJson(after, before)) loop.add(formatKey(key))
  })
  scheduling.imports.onChange((key, after, before) => {
    const location = after?.location ?? before?.location ?? ''
    if (!equalJson(after, before)) loop.add(formatKey({ ...key, name: location }))
  })
  exports.onChange((key, after, before) => {
    if (equalJson(offerOf(after as ApiExport), offerOf(before as ApiExport))) return
    for (const [text, facts] of scheduling.syncTargets.entries()) {
      if (supports(facts, key.name) && referencesCluster(facts, key.cluster)) loop.add(text)
    }
  })
  informers.keysOf(apiResourceSchemas).onChange((key, after, before) => {
    if (after === undefined || before !== undefined) return
    for (const [text, facts] of scheduling.syncTargets.entries()) {
      if (referencesCluster(facts, key.cluster)) loop.add(text)
    }
  })
  return loop
}

function supports({ supportedExports }: SyncTargetFacts, name: string): boolean {
  return supportedExports.some(supported => supported.export === name)
}

function offerOf(apiExport: ApiExport | undefined) {
  return { schemas: apiExport?.spec.latestResourceSchemas, identity: apiExport?.status?.identityHash }
}
