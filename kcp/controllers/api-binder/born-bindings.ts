// The default bindings of new workspaces as they will be. What is found for a type serves all its workspaces of the same
// second, which is as exact as the times in them are.
import { LRUCache } from 'lru-cache'
import type { KubeObject } from '../../../api/objects.ts'
import { formatTime } from '../../../api/time.ts'
import type { FedInformer } from '../../../api-client/cache/informer.ts'
import { defaultBindingsOf, type FoundType, qualifiedName } from '../../admission/workspace-type-graph.ts'
import { factsOfExport } from '../api-binding/reconcile.ts'
import type { Schemas } from '../api-binding/schemas.ts'
import type { ApiExport } from '../api-export/decide.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { type BindingPattern, type BoundExport, boundPatterns } from './wanted-bindings.ts'

export interface BornBindingsDeps {
  readonly exports: FedInformer<KubeObject>
  readonly schemas: Schemas
  readonly resolve: ResolveCluster
}

/** `aliases`: the type and what it extends. undefined: the bindings must be made step by step. */
export type FindPatterns = (aliases: readonly FoundType[], now: Date) => Promise<BindingPattern[] | undefined>

const typesKeptMax = 100

export function createFindPatterns(deps: BornBindingsDeps): FindPatterns {
  const known = new LRUCache<string, { patterns: BindingPattern[] | undefined }>({ max: typesKeptMax })
  return async (aliases, now) => {
    const found = defaultBindingsOf(aliases).map(({ path, exportName }) => {
      const { cluster, object } = findReferenced(deps.exports, deps.resolve, { path, name: exportName, from: '' })
      return { path, cluster, object }
    })
    const versions = found.map(({ cluster, object }) => `${cluster} ${object?.metadata.resourceVersion}`)
    const key = [formatTime(now), ...aliases.map(qualifiedName), ...versions].join(' ')
    const { patterns } = known.get(key) ?? { patterns: await patternsOf(deps, found, now) }
    known.set(key, { patterns })
    return patterns
  }
}

type FoundExport = ReturnType<typeof findReferenced> & { path: string }

async function patternsOf({ schemas }: BornBindingsDeps, found: readonly FoundExport[], now: Date) {
  const exports: BoundExport[] = []
  for (const { path, cluster, object } of found) {
    if (cluster === undefined || object === undefined) return undefined
    const apiExport = object as ApiExport
    exports.push({ path, apiExport, facts: await factsOfExport(schemas, cluster, apiExport) })
  }
  return boundPatterns(exports, now)
}
