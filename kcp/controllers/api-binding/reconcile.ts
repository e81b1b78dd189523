// All bindings of one logical cluster in one go: they share the names, and a new workspace has several at once.
import type { PermissionClaim } from '../../../api/names/derived-names.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FedInformer } from '../../../api-client/cache/informer.ts'
import type { Client } from '../../../api-client/client.ts'
import type { ReconcileResult } from '../../../api-client/controller/controller.ts'
import { listAll } from '../../../api-client/resources/list-all.ts'
import type { ApiSet, ResourceType } from '../../registry/resource.ts'
import type { ApiExport } from '../api-export/decide.ts'
import { findReferenced, type ResolveCluster } from '../export-lookup.ts'
import { patchRead } from '../loop.ts'
import { apiBindings } from '../resources.ts'
import type { ApiBinding, ApiBindingStatus } from './api-binding.ts'
import { decideStatus, type ExportFacts } from './decide.ts'
import type { TakenNames } from './naming-conflict.ts'
import { type ReleaseDeps, releaseBinding } from './release.ts'
import type { Schemas } from './schemas.ts'

export interface ReconcileDeps extends ReleaseDeps {
  readonly exports: FedInformer<KubeObject>
  readonly schemas: Schemas
  readonly resolve: ResolveCluster
  /** Told before exports of this name are looked at, and afterwards whether a binding of the cluster waits for one. */
  readonly waits: (cluster: string, exportName: string, still: boolean) => void
}

export async function reconcileCluster(deps: ReconcileDeps, cluster: string): Promise<ReconcileResult | undefined> {
  const list = await listAll<ApiBinding>(deps.client.cluster(cluster), apiBindings)
  const living = list.items.filter(binding => !binding.metadata.deletionTimestamp)
  const deleting = list.items.filter(binding => binding.metadata.deletionTimestamp)
  const status = new Map(list.items.map(binding => [binding.metadata.name, binding.status ?? {}]))
  const writes: Promise<unknown>[] = []
  const waiting = new Map<string, boolean>()
  for (const binding of living) {
    const { name = '' } = binding.spec.reference.export ?? {}
    deps.waits(cluster, name, true)
    const apiExport = await exportFacts(deps, cluster, binding)
    const isWaiting = typeof apiExport === 'string' || !isComplete(apiExport)
    waiting.set(name, isWaiting || waiting.get(name) === true)
    const taken = () => takenNames(deps.apisOf(cluster), { cluster, list: list.items, status, except: binding })
    const next = decideStatus({ binding, apiExport, taken, now: deps.now() })
    if (next === binding.status) continue
    status.set(binding.metadata.name, next)
    writes.push(writeStatus(deps.client, binding, next))
  }
  for (const [name, isWaiting] of waiting) if (!isWaiting) deps.waits(cluster, name, false)
  const releases = deleting.map(binding => releaseBinding(deps, binding))
  const settled = await Promise.allSettled([...writes, ...releases])
  const failed = settled.find(result => result.status === 'rejected')
  if (failed) throw failed.reason
  const delays = (await Promise.all(releases)).filter(delay => delay !== undefined)
  return delays.length === 0 ? undefined : { requeueAfterMs: Math.min(...delays) }
}

function writeStatus(client: Client, binding: ApiBinding, next: ApiBindingStatus): Promise<unknown> {
  const removed = Object.keys(binding.status ?? {}).filter(key => !Object.hasOwn(next, key))
  const status = { ...next, ...Object.fromEntries(removed.map(key => [key, null])) }
  return patchRead(client, apiBindings, { object: binding, body: { status }, subresource: 'status' })
}

type ExportDeps = Pick<ReconcileDeps, 'exports' | 'schemas' | 'resolve'>

async function exportFacts(deps: ExportDeps, from: string, binding: ApiBinding): Promise<ExportFacts | string> {
  const reference = binding.spec.reference.export
  if (reference === undefined) return `${from}|`
  const { cluster, object } = findReferenced(deps.exports, deps.resolve, { ...reference, from })
  if (object === undefined || cluster === undefined) {
    return `${cluster ?? reference.path ?? ''}|${reference.name}`
  }
  return factsOfExport(deps.schemas, cluster, object as ApiExport)
}

/** `cluster`: of the export. */
export async function factsOfExport(schemas: Schemas, cluster: string, apiExport: ApiExport): Promise<ExportFacts> {
  const names = apiExport.spec.latestResourceSchemas ?? []
  const identityHash = apiExport.status?.identityHash ?? ''
  const permissionClaims = (apiExport.spec.permissionClaims ?? []) as unknown as PermissionClaim[]
  const found = await Promise.all(names.map(name => schemas.ensure(cluster, name)))
  return { cluster, identityHash, permissionClaims, schemas: found }
}

function isComplete({ identityHash, schemas }: ExportFacts): boolean {
  return identityHash !== '' && schemas.every(schema => typeof schema !== 'string' && !schema.lacksConversion)
}

interface Neighbours {
  readonly cluster: string
  readonly list: readonly ApiBinding[]
  readonly status: ReadonlyMap<string, ApiBindingStatus>
  readonly except: ApiBinding
}

/** A binding that is broken has bound nothing, so it is in nobody's way. */
function takenNames(apis: ApiSet, { cluster, list, status, except }: Neighbours): TakenNames[] {
  const find = (group: string, resource: string) =>
    apis.types.find(type => type.group === group && type.resource === resource)
  const bound = list
    .filter(binding => binding !== except)
    .flatMap(binding =>
      (status.get(binding.metadata.name)?.boundResources ?? []).map(({ group, resource }): TakenNames => {
        const { path = cluster, name: exportName = '' } = binding.spec.reference.export ?? {}
        const owner = { type: 'binding', name: binding.metadata.name, exportPath: path, exportName } as const
        const type = find(group, resource)
        const bare = { plural: resource, singular: '', kind: '', listKind: '', shortNames: [] }
        return { group, owner, names: type ? namesOf(type) : bare }
      }),
    )
  const custom = apis.types
    .filter(type => type.origin === 'custom')
    .map((type): TakenNames => {
      const owner = { type: 'crd', name: `${type.resource}.${type.group}`, cluster } as const
      return { group: type.group, owner, names: namesOf(type) }
    })
  return [...bound, ...custom]
}

function namesOf(type: ResourceType) {
  return {
    plural: type.resource,
    singular: type.singular,
    kind: type.kind,
    listKind: type.listKind,
    shortNames: type.shortNames,
  }
}
