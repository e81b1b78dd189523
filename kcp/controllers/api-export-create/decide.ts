// What a workspace gets with its first SyncTarget: an export for what its clusters have, a Location with all of its
// SyncTargets, and a binding of the export, so that it can be used without another command.
import { computeAnnotation, skipDefaultObjectsAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'

/** Name of the export and of its binding. */
export const importedApisExport = 'kubernetes'
export const defaultLocation = 'default'

export interface Observed {
  readonly hasSyncTarget: boolean
  readonly apiExport: KubeObject | undefined
}

export type Action =
  | { type: 'create-export'; object: KubeObject }
  | { type: 'create-location'; object: KubeObject }
  | { type: 'create-binding'; object: KubeObject }
  | { type: 'mark-export'; annotations: Record<string, string> }

/** In order; creating what exists already is no failure. */
export function decide({ hasSyncTarget, apiExport }: Observed): Action[] {
  if (!hasSyncTarget || apiExport?.metadata.deletionTimestamp) return []
  const isMarked = apiExport?.metadata.annotations?.[skipDefaultObjectsAnnotation] === 'true'
  if (isMarked) return []
  const creations: Action[] = [
    { type: 'create-location', object: location },
    { type: 'create-binding', object: binding },
    { type: 'mark-export', annotations: { [skipDefaultObjectsAnnotation]: 'true' } },
  ]
  return apiExport === undefined ? [{ type: 'create-export', object: exportObject }, ...creations] : creations
}

const annotations = { [computeAnnotation]: 'true' }

const exportObject: KubeObject = {
  apiVersion: 'apis.kcp.io/v1alpha1',
  kind: 'APIExport',
  metadata: { name: importedApisExport, annotations },
  spec: {},
}

const location: KubeObject = {
  apiVersion: 'scheduling.kcp.io/v1alpha1',
  kind: 'Location',
  metadata: { name: defaultLocation },
  spec: {
    resource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' },
    instanceSelector: {},
  },
}

const binding: KubeObject = {
  apiVersion: 'apis.kcp.io/v1alpha1',
  kind: 'APIBinding',
  metadata: { name: importedApisExport, annotations },
  spec: { reference: { export: { name: importedApisExport } } },
}
