// Shapes the APIBinding controller reads and writes.
import type { PermissionClaim } from '../../../api/names/derived-names.ts'
import type { Condition, KubeObject } from '../../../api/objects.ts'

export interface BoundApiResource {
  group: string
  resource: string
  schema: { name: string; UID: string; identityHash: string }
  storageVersions?: string[]
}

export interface ApiBindingStatus {
  apiExportClusterName?: string
  boundResources?: BoundApiResource[]
  phase?: string
  conditions?: Condition[]
  appliedPermissionClaims?: PermissionClaim[]
  exportPermissionClaims?: PermissionClaim[]
}

export interface ApiBinding extends KubeObject {
  spec: {
    reference: { export?: { path?: string; name: string } }
    permissionClaims?: (PermissionClaim & { state: 'Accepted' | 'Rejected' })[]
  }
  status?: ApiBindingStatus
}

/** All of a schema that binding needs to know; the schema itself may be large. */
export interface SchemaFacts {
  readonly name: string
  readonly uid: string
  readonly group: string
  readonly names: ApiNames
  readonly storageVersions: readonly string[]
  /** Several versions, and no APIConversion that says how to convert. */
  readonly lacksConversion: boolean
}

export interface ApiNames {
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly listKind: string
  readonly shortNames: readonly string[]
}
