// Which verbs the physical cluster allows us on a resource, asked one by one, and the condition that tells kcp.
import type PQueue from 'p-queue'
import { falseCondition, setCondition, trueCondition } from '../../api/conditions.ts'
import { type GroupVersionResource, groupResource, type KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { syncTargetsGvr } from '../identity.ts'
import type { SyncTarget } from './sync-target.ts'

/** All the agent ever does with a synced object; the generated ClusterRole grants exactly these. */
export const syncedVerbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'] as const

const reviewsGvr = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' }

interface AccessReview extends KubeObject {
  spec: { resourceAttributes: { verb: string; group?: string; version: string; resource: string } }
  status?: { allowed: boolean }
}

/** The verbs that are not allowed in all namespaces. Throws when the cluster cannot be asked. */
export async function missingVerbs(client: Client, gvr: GroupVersionResource, queue: PQueue): Promise<string[]> {
  const asked = syncedVerbs.map(async verb => {
    const { group, version, resource } = gvr
    const resourceAttributes = { verb, ...(group === '' ? {} : { group }), version, resource }
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      // A review is never stored and has no name.
      metadata: {} as AccessReview['metadata'],
      spec: { resourceAttributes },
    }
    const answer = await queue.add(() => client.create<AccessReview>(reviewsGvr, review))
    return answer?.status?.allowed ? [] : [verb]
  })
  return (await Promise.all(asked)).flat()
}

export interface Missing {
  readonly gvr: GroupVersionResource
  readonly verbs: readonly string[]
}

export function authorizationMessage(missing: readonly Missing[], syncTargetName: string): string {
  const parts = [...missing]
    .map(({ gvr, verbs }) => `${groupResource(gvr)} (${verbs.join(', ')})`)
    .sort()
    .join('; ')
  const command = `kubectl kcp workload sync ${syncTargetName} --syncer-image <image> -o <file>`
  return `missing permissions in the physical cluster: ${parts}. Run "${command}" again and apply the file there`
}

/** Writes SyncerAuthorized when it changes; the object as read is the precondition. */
export async function reportAuthorization(
  client: Client,
  syncTarget: SyncTarget,
  report: { missing: readonly Missing[]; now: Date },
): Promise<void> {
  const { missing, now } = report
  const { name, uid, resourceVersion } = syncTarget.metadata
  const type = 'SyncerAuthorized'
  const state =
    missing.length === 0
      ? trueCondition(type)
      : falseCondition(type, {
          reason: 'SyncerUnauthorized',
          severity: 'Error',
          message: authorizationMessage(missing, name),
        })
  const before = syncTarget.status?.conditions ?? []
  const conditions = setCondition(before, state, now)
  if (conditions === before) return
  const body = { metadata: { resourceVersion, uid }, status: { conditions } }
  await client.patch(syncTargetsGvr, { name, subresource: 'status' }, { type: 'merge', body })
}
