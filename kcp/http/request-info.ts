// The path and query of a request, parsed once into a flat record (as Kubernetes' RequestInfo).

export interface RequestInfo {
  readonly isResource: boolean
  /** get, list, watch, create, update, patch, delete, deletecollection; for other paths the lower-case method. */
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly namespace: string
  /** Without the identity. */
  readonly resource: string
  /** Text after the colon of `resource:identity`; '' when absent. */
  readonly identity: string
  readonly subresource: string
  readonly name: string
  /** Path below the cluster prefix. */
  readonly path: string
}
