// What the verbs share: the store, the policy of writes and the sources of time and names; and how a write is described.
import type { Store } from '../storage/store.ts'
import type { Admission, RequestContext, ResourceType } from './resource.ts'

export interface RegistryParts {
  readonly store: Store
  readonly admission: Admission
  readonly newUid: () => string
  /** Five characters after a generateName. */
  readonly nameSuffix: () => string
  /** Stamp `kcp.io/cluster` on every object. */
  readonly annotatesCluster: boolean
}

/** One object to be written, and how. The logical cluster is in the context. */
export interface WriteTarget {
  readonly type: ResourceType
  /** '' for cluster-scoped types. */
  readonly namespace: string
  /** Of the URL; '' for create. */
  readonly name: string
  readonly subresource: string
  readonly context: RequestContext
  readonly fieldValidation: FieldValidation
  readonly fieldManager: string
  /** Paths that the body has more than once, found by the decoder. */
  readonly duplicateFields: readonly string[]
  /** The same of a body in YAML, as Go's parser says it. */
  readonly duplicateLines?: readonly string[]
  /** A change of metadata, spec and status in one write; clients cannot ask for it. */
  readonly isWhole?: boolean
}

/** Field manager of what the server writes itself: the first word of the user agent of Go kcp's controllers. */
export const ownManager = 'kcp'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'
