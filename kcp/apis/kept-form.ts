// How objects of a CRD's version are kept: pruned and with the defaults of the storage version, whose shape is marked in
// each row. What a row of another shape or version lacks or has too much is repaired when it is read, as Kubernetes does.
import { copyJson } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { failure } from '../../api/status-error.ts'
import type { KeptForm, OtherVersion } from '../registry/resource.ts'
import type { ObjectSchema } from '../schema/object-schema.ts'

export interface KeptFormOptions {
  readonly group: string
  readonly version: string
  readonly storageVersion: string
  readonly schema: ObjectSchema
  readonly findVersion: (apiVersion: string) => OtherVersion | undefined
  readonly kind: string
  /** A webhook would have to make one version from another. Nobody calls it. */
  readonly converts: boolean
}

/** A class: each type has one, and every row that is read asks it. */
export class StorageForm implements KeptForm {
  readonly apiVersion: string
  readonly #options: KeptFormOptions
  #storage: ObjectSchema | undefined
  #isServed: boolean | undefined

  constructor(options: KeptFormOptions) {
    this.#options = options
    this.apiVersion = apiVersionOf({ group: options.group, version: options.storageVersion })
  }

  get mark(): string {
    return this.#schema().shape ?? ''
  }

  get isServed(): boolean {
    this.#isServed ??= this.#findIsServed()
    return this.#isServed
  }

  get id(): string {
    return `${this.mark}${this.#options.schema.shape ?? ''}`
  }

  toKept(object: KubeObject): KubeObject {
    if (this.isServed) return object
    if (this.#options.converts) throw notConverted(apiVersionOf(this.#options), this.#options.kind)
    const copy = copyJson(object)
    this.#schema().repair?.(copy)
    return copy
  }

  toServed(object: KubeObject): KubeObject {
    const { schema, findVersion, converts, kind } = this.#options
    const servedApiVersion = apiVersionOf(this.#options)
    if (converts && object.apiVersion !== servedApiVersion) throw notConverted(object.apiVersion, kind)
    // A version that the CRD no longer has was stored with what the storage version has now, or less.
    const from = findVersion(object.apiVersion)?.schema ?? this.#schema()
    from.repair?.(object)
    object.apiVersion = servedApiVersion
    if (from.shape !== schema.shape) schema.repair?.(object, 'without-defaults')
    return object
  }

  /** Of the storage version; looked up when an object is written or read: most types of most workspaces never are. */
  #schema(): ObjectSchema {
    const { version, storageVersion, schema, findVersion } = this.#options
    this.#storage ??= (version === storageVersion ? undefined : findVersion(this.apiVersion)?.schema) ?? schema
    return this.#storage
  }

  #findIsServed(): boolean {
    const { version, storageVersion, schema, converts } = this.#options
    if (converts && version !== storageVersion) return false
    return this.#schema() === schema || this.#schema().shape === schema.shape
  }
}

function notConverted(apiVersion: string, kind: string) {
  const text = `conversion webhook for ${apiVersion}, Kind=${kind} failed: this server calls no conversion webhooks`
  return failure(500, '', text)
}
