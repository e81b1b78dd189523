// What merging needs to know of a type: which lists are sets or maps, and by which keys. Plain data, shared between
// strategic merge (patch tags) and server-side apply (list topology). Leaves out: validation.
import type { JsonValue } from '../json.ts'

export interface Topology {
  /** Members of an object with known fields. */
  readonly fields?: Readonly<Record<string, Topology>>
  /** Values of a map (additionalProperties). */
  readonly values?: Topology
  /** Elements of a list. */
  readonly items?: Topology
  /** x-kubernetes-list-type; a list without it is atomic. */
  readonly listType?: 'atomic' | 'set' | 'map'
  /** x-kubernetes-list-map-keys, with the schema default of a key where it has one. */
  readonly mapKeys?: readonly { readonly name: string; readonly default?: string | number | boolean }[]
  /** x-kubernetes-map-type; granular unless said. */
  readonly mapType?: 'granular' | 'atomic'
  /** x-kubernetes-patch-strategy, split at commas: merge, replace, retainKeys. */
  readonly patchStrategy?: readonly string[]
  /** x-kubernetes-patch-merge-key. */
  readonly patchMergeKey?: string
  /** JSON type; `scalar` is any but list and object; absent for values of unknown shape. */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'scalar'
  /** x-kubernetes-preserve-unknown-fields: members that are not in `fields` are of unknown shape, and allowed. */
  readonly open?: boolean
  /** Members that Go writes although nobody set them, with their zero values. */
  readonly zeros?: Readonly<Record<string, JsonValue>>
}
