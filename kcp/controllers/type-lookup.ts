// WorkspaceTypes for controllers: from the informer, by path or logical cluster name.

import type { KubeObject } from '../../api/objects.ts'
import type { FedInformer } from '../../api-client/cache/informer.ts'
import type { FindType, WorkspaceType } from '../admission/workspace-type-graph.ts'
import { findReferenced, type ResolveCluster } from './export-lookup.ts'

export function createFindType(
  types: FedInformer<KubeObject>,
  deps: { resolve: ResolveCluster; canonicalPath: (cluster: string) => string },
): FindType {
  return async ({ name, path }, from) => {
    const { cluster, object } = findReferenced(types, deps.resolve, { name, path: path || from, from: '' })
    if (cluster === undefined || object === undefined) return undefined
    return { type: object as WorkspaceType, cluster, path: deps.canonicalPath(cluster) }
  }
}
