// Finds WorkspaceTypes as they are now, by path and name or upwards from a workspace.
import { parentPath } from '../../api/names/cluster-path.ts'
import type { AdmissionDeps } from './plugin.ts'
import type { FindType, FoundType, TypeReference, WorkspaceType } from './workspace-type-graph.ts'

export const workspaceTypesResource = { group: 'tenancy.kcp.io', version: 'v1alpha1', resource: 'workspacetypes' }

type LookupDeps = Pick<AdmissionDeps, 'index' | 'read'>

export function createTypeLookup({ index, read }: LookupDeps): FindType {
  return async ({ name, path }, from) => {
    const cluster = index.resolve(path || from)
    if (cluster === undefined || name === '') return undefined
    const type = await read(cluster, workspaceTypesResource, name)
    return type && { type: type as WorkspaceType, cluster, path: index.canonicalPath(cluster) }
  }
}

/** Searches the path, its parents, then root. */
export async function findUpwards(find: FindType, name: string, from: string): Promise<FoundType | undefined> {
  for (let path: string | undefined = from; path !== undefined; path = parentPath(path)) {
    const found = await find({ name, path }, path)
    if (found) return found
  }
  return find({ name, path: 'root' }, 'root')
}

/** `<path>:<name>` as annotations have it. */
export function parseQualifiedName(text: string): TypeReference | undefined {
  const colon = text.lastIndexOf(':')
  return colon < 0 ? undefined : { path: text.slice(0, colon), name: text.slice(colon + 1) }
}
