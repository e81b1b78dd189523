// APIBindings that are for compute: what a SyncTarget must accept to run the objects of their workspace.
import { computeAnnotation } from '../../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { Projection } from '../../../api-client/cache/informer.ts'
import { clusterOf } from '../loop.ts'
import { acceptedKey } from '../sync-target/sync-target.ts'

export interface ComputeBindingFacts {
  readonly name: string
  readonly cluster: string
  /** acceptedKey() of every bound resource. */
  readonly resources: readonly string[]
}

interface ApiBinding extends KubeObject {
  status?: { boundResources?: { group?: string; resource: string; schema?: { identityHash?: string } }[] }
}

export const computeBindingProjection: Projection<ComputeBindingFacts> = {
  project(object) {
    const { metadata, status = {} } = object as ApiBinding
    if (metadata.annotations?.[computeAnnotation] === undefined) return undefined
    const bound = status.boundResources ?? []
    return {
      name: metadata.name,
      cluster: clusterOf(object),
      resources: bound.map(({ group, resource, schema }) =>
        acceptedKey({ group, resource, identityHash: schema?.identityHash }),
      ),
    }
  },
  indexes: { cluster: ({ cluster }) => [cluster] },
}
