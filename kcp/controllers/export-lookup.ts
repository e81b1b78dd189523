// Finds what a reference `{path, name}` names: by canonical path or by name of the logical cluster; no path means here.
import { formatKey, type KubeObject } from '../../api/objects.ts'
import type { FedInformer } from '../../api-client/cache/informer.ts'

export type ResolveCluster = (path: string) => string | undefined

export interface Reference {
  readonly path?: string
  readonly name: string
}

/** The logical cluster is undefined when the path leads nowhere. */
export function findReferenced(
  informer: FedInformer<KubeObject>,
  resolve: ResolveCluster,
  reference: Reference & { from: string },
): { cluster: string | undefined; object: KubeObject | undefined } {
  const cluster = reference.path ? resolve(reference.path) : reference.from
  if (cluster === undefined) return { cluster, object: undefined }
  return { cluster, object: informer.get(formatKey({ cluster, namespace: '', name: reference.name })) }
}
