// Makes a new logical cluster with all its content in one commit, where nothing stands in the way of that.
import { formatKey } from '../../../api/objects.ts'
import { isAlreadyExists } from '../../../api/status-error.ts'
import type { FoundType } from '../../admission/workspace-type-graph.ts'
import { createFindPatterns, type FindPatterns } from '../api-binder/born-bindings.ts'
import { createSchemas, type SchemasDeps } from '../api-binding/schemas.ts'
import type { ResolveCluster } from '../export-lookup.ts'
import type { OwnWrites } from '../own-writes.ts'
import { apiConversions, apiExports, apiResourceSchemas } from '../resources.ts'
import { namespaceContent } from '../service-account/born-content.ts'
import type { ServiceAccountDeps } from '../service-account/controller.ts'
import type { SharedInformers } from '../shared-informers.ts'
import { bornObjects, needsBindings, needsNamespace } from './birth.ts'
import type { LogicalCluster } from './workspace.ts'

export interface GiveBirthDeps {
  readonly writes: OwnWrites
  readonly findPatterns: FindPatterns
  readonly newUid: () => string
  /** Absent: namespaces get no accounts. */
  readonly serviceAccounts?: Pick<ServiceAccountDeps, 'certificateAuthority' | 'issueToken'>
  readonly now: () => Date
}

export interface BirthOptions extends SchemasDeps, Omit<GiveBirthDeps, 'findPatterns'> {
  readonly informers: SharedInformers
  readonly resolve: ResolveCluster
}

export function createBirth(options: BirthOptions): GiveBirthDeps {
  const { informers, resolve } = options
  const schemas = createSchemas(options)
  for (const gvr of [apiResourceSchemas, apiConversions]) {
    informers.keysOf(gvr).onChange(key => schemas.forget(formatKey(key)))
  }
  const exports = informers.objectsOf(apiExports)
  return { ...options, findPatterns: createFindPatterns({ exports, schemas, resolve }) }
}

export interface Unborn {
  readonly cluster: string
  readonly url: string
  readonly aliases: readonly FoundType[]
  readonly logicalCluster: LogicalCluster
}

/** undefined: it must be made step by step. */
export async function giveBirth(deps: GiveBirthDeps, unborn: Unborn): Promise<LogicalCluster | undefined> {
  const { cluster, url, aliases, logicalCluster } = unborn
  const now = deps.now()
  const content = needsNamespace(logicalCluster) && deps.serviceAccounts
  const namespace = { cluster, namespace: 'default', uid: deps.newUid() }
  const [patterns, made] = await Promise.all([
    needsBindings(logicalCluster) ? deps.findPatterns(aliases, now) : [],
    content ? namespaceContent(content, namespace) : [],
  ])
  if (patterns === undefined) return undefined
  const objects = bornObjects({ cluster, url, logicalCluster, patterns, namespaceContent: made, now })
  try {
    return (await deps.writes.create(cluster, objects)).at(-1) as LogicalCluster
  } catch (error) {
    // A birth that was interrupted has left something: the controllers complete it.
    if (isAlreadyExists(error)) return undefined
    throw error
  }
}
