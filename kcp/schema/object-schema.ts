// What the registry asks of a schema. Compiled once per distinct schema (schema/compile.ts), shared by all workspaces.
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { Topology } from '../../api/patch/topology.ts'
import type { FieldError } from '../../api/status-error.ts'

export interface ObjectSchema {
  /** For merging: list topology and patch tags, with ObjectMeta filled in. */
  readonly topology: Topology
  /** Removes what the schema does not know, in place; returns the removed paths (`spec.foo`, `spec.list[0].bar`). */
  prune(object: KubeObject): string[]
  /** Fills in defaults, in place; drops nulls where Kubernetes does. */
  applyDefaults(object: KubeObject, nulls?: 'kept'): void
  /**
   * Schema violations; `old` for rules that compare. What an unchanged value violates is no error but a warning.
   * metadata is the registry's business.
   */
  validate(object: KubeObject, old?: KubeObject, warn?: (text: string) => void): FieldError[]
  /** Not of native types: equal for schemas under which objects are kept alike. */
  readonly shape?: string
  /** What was stored under another schema as this one would keep it, in place: pruned, with defaults, never refused. */
  repair?(object: KubeObject, defaults?: 'without-defaults'): void
  /** OpenAPI v3 component of the whole object, without metadata details. */
  readonly openApi: JsonObject
  /** Only native types: their name among the components, and the components they refer to by bare name. */
  readonly component?: string
  findComponent?(name: string): JsonObject | undefined
}
