// The generated tables, typed. Made by scripts/generate-tables.ts.
import type { JsonObject } from '../../api/json.ts'
import type { SubresourceType } from '../registry/resource.ts'
import computeTable from './generated/compute-schemas.json' with { type: 'json' }
import kcpTable from './generated/kcp-schemas.json' with { type: 'json' }
import resourceTable from './generated/kubernetes-resources.json' with { type: 'json' }
import systemTable from './generated/system-crds.json' with { type: 'json' }

/** One resource of Kubernetes 1.31 as its discovery has it. */
export interface NativeResource {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly kind: string
  readonly singular: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly string[]
  readonly subresources: Readonly<Record<string, SubresourceType>>
  readonly component: string
}

/** An APIResourceSchema or a CustomResourceDefinition without what the server adds. */
export interface NamedSpec {
  readonly name: string
  /** Annotation api-approved.kubernetes.io. */
  readonly approved?: string
  readonly spec: JsonObject
}

export const nativeResources = resourceTable as unknown as readonly NativeResource[]
/** APIResourceSchemas in root. */
export const kcpSchemas = kcpTable as unknown as readonly NamedSpec[]
/** APIResourceSchemas in root:compute. */
export const computeSchemas = computeTable as unknown as readonly NamedSpec[]
/** CRDs served in every logical cluster. */
export const systemCrds = systemTable as unknown as readonly NamedSpec[]
