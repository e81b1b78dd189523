// What the spec reconciler needs of the other folders, and the one object it is at.
import type { KubeObject, ObjectKey } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'
import type { SyncTargetIdentity } from '../identity.ts'
import type { SyncedKind } from '../synced-object.ts'
import type { Compared } from './compare.ts'

export interface SpecDependencies {
  readonly syncTarget: SyncTargetIdentity
  readonly upstreamClient: Client
  readonly downstreamClient: Client
  readonly log: Log
  /** Undefined once the resource is no longer synced. */
  kindOf(id: string): SyncedKind | undefined
  /** False while it is not sure that we still are the agent of our SyncTarget. */
  mayWrite(): boolean
  /** Name of the downstream namespace, if there is one. */
  findNamespace(cluster: string, namespace: string): string | undefined
  /** The same of the physical cluster itself. */
  askForNamespace(cluster: string, namespace: string): Promise<string | undefined>
  ensureNamespace(cluster: string, namespace: string): Promise<string>
  /** Downstream body of a view. Throws when something it refers to is not there yet. */
  transform(kind: SyncedKind, view: KubeObject, key: ObjectKey, downstream: ObjectKey): KubeObject
  /** Why a cluster-scoped object is not ours to write. */
  collisionOf(kind: SyncedKind, object: KubeObject, key: ObjectKey): string | undefined
  compared(actual: KubeObject): Compared
  contentHash(actual: KubeObject): string
  downstreamNameOfGone(kind: SyncedKind, key: ObjectKey, namespace: string): string
  /** What is downstream now is what was asked for. */
  settled(specKey: string): void
  /** An object is gone from this downstream namespace. */
  emptied(namespace: string): void
}

export interface Work {
  readonly kind: SyncedKind
  readonly key: ObjectKey
  readonly keyText: string
}

/** Told by a server that knows the resource. Any other 404 may pass, so it is a failure like others. */
export function isGone(error: unknown, name: string): boolean {
  return error instanceof StatusError && error.code === 404 && error.status.details?.name === name
}
