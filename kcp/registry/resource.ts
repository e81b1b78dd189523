// One served resource in one version, as plain data plus a strategy. Natives, kcp's own types, bound and custom resources
// are all described by this, and one generic registry serves them. Leaves out: where types come from (kcp/apis, catalog).
import type { JsonObject } from '../../api/json.ts'
import type { GroupVersionKind, KubeObject } from '../../api/objects.ts'
import type { Fields } from '../../api/patch/apply/fields.ts'
import type { FieldError } from '../../api/status-error.ts'
import type { UserInfo } from '../../api/user.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'

export interface ResourceType {
  readonly group: string
  readonly version: string
  /** Plural, e.g. deployments. */
  readonly resource: string
  readonly kind: string
  readonly listKind: string
  /** '' for native types, as Kubernetes 1.24 prints it. */
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  /** In the order discovery prints them. */
  readonly verbs: readonly string[]
  readonly subresources: Readonly<Record<string, SubresourceType>>
  /** Version objects are stored in; another served version only swaps apiVersion (conversion None). */
  readonly storageVersion: string
  /**
   * Start of every key, with a slash at the end: `/registry/core/configmaps/`, `/registry/<group>/<resource>/customresources/`
   * or `/registry/<group>/<resource>/<identityHash>/`. A key is this + `<cluster>/[<namespace>/]<name>`.
   */
  readonly keyPrefix: string
  readonly origin: 'native' | 'system' | 'bound' | 'custom'
  /** Only for bound resources: the identity of the APIExport. */
  readonly identityHash: string
  readonly schema: ObjectSchema
  readonly strategy: Strategy
  readonly conversion?: Conversion
  /** Of types whose schema may change under stored objects. Without it rows are served as they were written. */
  readonly kept?: KeptForm
  /** What the type was made from; it ends watches when it becomes another. */
  readonly definition?: JsonObject
  readonly table: TableType
  /** Its CRD is being deleted: create is refused, the rest still works. */
  readonly terminating?: boolean
  /** Fields that a write to an endpoint ('' = main) does not set, where it is not just all but, or only, the status. */
  readonly resetFields?: ResetFields
  /** Other versions of the same objects, also those that are not served. */
  findVersion?(apiVersion: string): OtherVersion | undefined
}

export type ResetFields = Readonly<Record<string, Fields>>
export type OtherVersion = Pick<ResourceType, 'schema' | 'subresources'>

export interface SubresourceType {
  readonly verbs: readonly string[]
  /** Kind of the bodies where it is not the resource's own: Scale, TokenRequest. */
  readonly responseKind?: GroupVersionKind
  /** scale: where the numbers are, as member paths such as ['spec', 'replicas']. */
  readonly scale?: {
    readonly specReplicas: readonly string[]
    readonly statusReplicas: readonly string[]
    readonly labelSelector?: readonly string[]
  }
}

/** What the registry tells a strategy or an admission plugin about the request. */
export interface RequestContext {
  readonly cluster: string
  readonly user: UserInfo
  readonly userAgent: string
  readonly now: Date
  readonly dryRun: boolean
  /** Adds a `Warning: 299` header to the response. */
  warn(text: string): void
}

/** Rules of one kind. `prepare…` may change the new object; `validate…` may not. */
export interface Strategy {
  prepareForCreate?(object: KubeObject, context: RequestContext): void
  /** `subresource` is '' for the main resource. Must restore what this endpoint may not change. */
  prepareForUpdate?(object: KubeObject, old: KubeObject, subresource: string, context: RequestContext): void
  validate?(object: KubeObject): FieldError[]
  validateUpdate?(object: KubeObject, old: KubeObject, subresource: string): FieldError[]
  /** Name rule; default DNS-1123 subdomain. Returns texts such as `a lowercase RFC 1123 subdomain must consist of …`. */
  validateName?(name: string): string[]
  /** The API group that refusals name; unset: the type's own. */
  readonly errorGroup?: string
  /** Whether PUT of a missing object creates it (leases, events …). Default false. */
  readonly createOnUpdate?: boolean
  /** Whether PUT without resourceVersion is allowed. Default true for natives, false for custom resources. */
  readonly unconditionalUpdate?: boolean
  /** Changes of annotations raise the generation. */
  readonly countsAnnotations?: boolean
  /** Annotations with this prefix are taken over by a write of /status too. */
  readonly statusAnnotationPrefix?: string
  /** Extra field selectors beside metadata.name and metadata.namespace: label → value of an object. */
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>
  /** Objects are not removed at once on DELETE although no finalizer is set (namespaces: spec.finalizers). */
  mayDeleteNow?(object: KubeObject): boolean
  /** Called when a DELETE marks the object instead of removing it. */
  onDeletionMarked?(object: KubeObject, context: RequestContext): void
}

/** Between the served form of an object and the one it is stored in, where more differs than apiVersion. */
export interface Conversion {
  readonly storedApiVersion: string
  toStored(object: KubeObject): KubeObject
  /** May be given what it may change. */
  fromStored(object: KubeObject): KubeObject
}

/** The form objects are kept in now, which is marked in each row. Rows of another form are brought into it when read. */
export interface KeptForm {
  readonly apiVersion: string
  /** Of the storage version's schema: some characters of base64url. */
  readonly mark: string
  /** Rows in this form can be served in this version as they are. */
  readonly isServed: boolean
  /** What `toServed` depends on. */
  readonly id: string
  /** A copy to keep, of an object written in this version; the object itself where nothing differs. */
  toKept(object: KubeObject): KubeObject
  /** An object as it was kept, in the version it was kept in; may be changed. */
  toServed(object: KubeObject): KubeObject
}

export interface TableColumn {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

export interface TableType {
  readonly columns: readonly TableColumn[]
  /** One cell per column; `now` for ages. */
  cells(object: KubeObject, now: Date): (string | number | boolean | null | JsonObject | unknown[])[]
  /** Kinds whose empty list prints `rows: null`. */
  readonly nullRows?: boolean
}

/** Everything served in one logical cluster. Shared by all clusters with the same set, so an empty workspace costs nothing. */
export interface ApiSet {
  /** Discovery order; main resources only. */
  readonly types: readonly ResourceType[]
  find(group: string, version: string, resource: string): ResourceType | undefined
  /** Changes whenever the content does; used for ETags and the URLs of OpenAPI documents. */
  readonly hash: string
}

/** Where the registry and discovery learn what a logical cluster serves. Implemented in kcp/workspaces (kcp) and pcluster. */
export interface Catalog {
  apisOf(cluster: string): ApiSet
  /**
   * For wildcard requests: every type of this group, version and resource with this identity ('' = native, system or, for
   * privileged partial-metadata requests, all identities and custom resources together).
   */
  findAcross(
    group: string,
    version: string,
    resource: string,
    identity: string,
    metadataOnly: boolean,
  ): readonly ResourceType[]
  /** Revision at which a type became another one in this cluster: watches cannot start before it. 0: not known. */
  changedAt?(cluster: string, type: ResourceType): number
  /** Tells when the set of a cluster changed, so that its watches of vanished types end. '*' = any. */
  onChange(listener: (cluster: string) => void): void
}

/** Admission, declared by its consumer: the registry calls it between defaulting and validation. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly type: ResourceType
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** Absent for DELETE. Mutating plugins change it in place. */
  readonly object?: KubeObject
  readonly old?: KubeObject
  readonly context: RequestContext
}

export interface Admission {
  mutate(request: AdmissionRequest): Promise<void>
  /** Throws StatusError (403) to refuse. */
  validate(request: AdmissionRequest): Promise<void>
}
