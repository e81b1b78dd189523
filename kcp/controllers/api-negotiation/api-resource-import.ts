// Shapes of APIResourceImports and NegotiatedAPIResources: one API as a physical cluster has it, and as all of them do.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { clusterOf } from '../loop.ts'

export interface ApiResourceSpec {
  groupVersion: { group?: string; version: string }
  scope: string
  plural: string
  singular?: string
  kind: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
  openAPIV3Schema: JsonObject
  subResources?: { name: string }[]
  columnDefinitions?: ColumnDefinition[]
}

export interface ColumnDefinition {
  name: string
  type: string
  format: string
  description: string
  priority: number
  jsonPath?: string
}

/** Conditions of this API group have no severity. */
export interface ApiResourceCondition {
  type: string
  status: string
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface ApiResourceImport extends KubeObject {
  spec: ApiResourceSpec & { location: string; schemaUpdateStrategy?: string }
  status?: { conditions?: ApiResourceCondition[] }
}

export interface NegotiatedApiResource extends KubeObject {
  spec: ApiResourceSpec & { publish?: boolean }
  status?: { conditions?: ApiResourceCondition[] }
}

export interface ImportFacts {
  readonly cluster: string
  readonly name: string
  /** Of the SyncTarget. */
  readonly location: string
  readonly negotiatedName: string
  /** Changes with the spec. */
  readonly generation: number
  readonly uid: string
}

/** `<plural>.<version>.<group or core>` */
export function negotiatedName({ plural, groupVersion }: Pick<ApiResourceSpec, 'plural' | 'groupVersion'>): string {
  return `${plural}.${groupVersion.version}.${groupVersion.group || 'core'}`
}

export const importProjection: Projection<ImportFacts> = {
  project(object) {
    const { metadata, spec } = object as ApiResourceImport
    return {
      cluster: clusterOf(object),
      name: metadata.name,
      location: spec.location,
      negotiatedName: negotiatedName(spec),
      generation: metadata.generation ?? 0,
      uid: metadata.uid ?? '',
    }
  },
  indexes: {
    /** `<cluster>|<name of the negotiated resource>` */
    api: ({ cluster, negotiatedName }) => [`${cluster}|${negotiatedName}`],
  },
}
