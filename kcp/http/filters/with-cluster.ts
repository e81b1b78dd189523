// `/clusters/<path or name>/…` → the logical cluster's name and the path below it. A path that leads nowhere goes on
// under its own text: authorization refuses it like any cluster without access, so that names do not leak.
import { isClusterPath } from '../../../api/names/cluster-path.ts'
import { badRequest } from '../../../api/status-error.ts'
import type { Filter } from '../exchange.ts'

export const clustersPrefix = '/clusters/'

/** Splits `/clusters/<cluster>/rest`; undefined for other paths. An empty cluster is none; other text that cannot be one: 400. */
export function splitClusterPath(path: string): { cluster: string; path: string } | undefined {
  if (!path.startsWith(clustersPrefix)) return undefined
  const end = path.indexOf('/', clustersPrefix.length)
  const cluster = end < 0 ? path.slice(clustersPrefix.length) : path.slice(clustersPrefix.length, end)
  if (cluster !== '' && !isClusterPath(cluster))
    throw badRequest(`invalid cluster: "${cluster}" does not match the regex`)
  return { cluster, path: end < 0 ? '/' : path.slice(end) }
}

export function withCluster(resolve: (path: string) => string | undefined): Filter {
  return next => request => {
    const split = splitClusterPath(request.path)
    if (!split) return next(request)
    const cluster = split.cluster === '' ? '' : (resolve(split.cluster) ?? split.cluster)
    return next({ ...request, path: split.path, cluster, clusterPath: split.cluster })
  }
}
