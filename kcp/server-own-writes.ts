// What controllers write past the request path. The registry's rules for stored objects still hold.
import { copyJson, type JsonObject } from '../api/json.ts'
import { apiVersionOf, clusterAnnotation, type GroupVersionResource, type KubeObject } from '../api/objects.ts'
import { applyMergePatch } from '../api/patch/merge-patch.ts'
import { systemMastersGroup } from './auth/authorizers/always-allow.ts'
import type { NewObject, OwnWrites } from './controllers/own-writes.ts'
import { ownManager, type WriteTarget } from './registry/parts.ts'
import type { Registry } from './registry/registry.ts'
import type { Catalog } from './registry/resource.ts'

export interface OwnWritesDeps {
  readonly registry: Registry
  readonly catalog: Pick<Catalog, 'apisOf'>
  readonly now: () => Date
}

export const serverUser = { username: 'system:apiserver', groups: [systemMastersGroup] }

export function createOwnWrites(deps: OwnWritesDeps): OwnWrites {
  const { registry } = deps
  return {
    async create(cluster, objects) {
      const writes = objects.map(each => createOne(deps, cluster, each))
      const settled = await Promise.allSettled(writes)
      const failed = settled.find(result => result.status === 'rejected')
      if (failed) throw failed.reason
      return Promise.all(writes)
    },
    async patch<T extends KubeObject>(gvr: GroupVersionResource, object: T, body: Record<string, unknown>) {
      const { namespace = '', annotations } = object.metadata
      const cluster = annotations?.[clusterAnnotation] ?? ''
      const patch = copyJson({ ...body, metadata: body.metadata ?? {} } as unknown as JsonObject)
      const changed = applyMergePatch(object as unknown as JsonObject, patch) as unknown as KubeObject
      return (await registry.updateOwn(targetIn(deps, cluster, { gvr, namespace }), {
        object: changed,
        old: object,
      })) as T
    },
  }
}

async function createOne(deps: OwnWritesDeps, cluster: string, { gvr, object, shape }: NewObject): Promise<KubeObject> {
  const target = targetIn(deps, cluster, { gvr, namespace: object.metadata.namespace ?? '' })
  const { type } = target
  const own = { ...object, apiVersion: apiVersionOf(type), kind: type.kind, metadata: { ...object.metadata } }
  const { revision } = await deps.registry.createOwn({ ...target, shape }, own)
  own.metadata.resourceVersion = String(revision)
  return own
}

function targetIn(
  { catalog, now }: OwnWritesDeps,
  cluster: string,
  { gvr, namespace }: { gvr: GroupVersionResource; namespace: string },
): WriteTarget {
  const type = catalog.apisOf(cluster).find(gvr.group, gvr.version, gvr.resource)
  if (!type) throw new Error(`${gvr.resource}.${gvr.group} is not served in ${cluster}`)
  const context = { cluster, user: serverUser, userAgent: '', now: now(), dryRun: false, warn: () => undefined }
  const unchecked = { fieldValidation: 'Ignore', fieldManager: ownManager, duplicateFields: [] } as const
  return { type, namespace, name: '', subresource: '', context, ...unchecked }
}
