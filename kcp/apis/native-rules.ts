// What a kind of Kubernetes' own adds to the generic type: defaults as its API has them, and a strategy.
import type { JsonObject } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'
import type { Conversion, Strategy } from '../registry/resource.ts'

export interface NativeRules {
  /** Defaults beside those of the schema, in place; called for every write. */
  readonly defaults?: (object: JsonObject) => void
  readonly strategy?: Strategy
  /** For a second form of a kind that is stored in another. */
  readonly conversion?: Conversion
  /** The strategy says itself what is missing, so the schema's required members are not told twice. */
  readonly namesMissing?: boolean
}

/** Kinds whose objects count the changes of their spec. */
export const counted = {
  prepareForCreate(object: KubeObject): void {
    object.metadata.generation = 1
  },
} as const satisfies Strategy
