// GET of one object.
import type { ObjectKey } from '../../api/objects.ts'
import { notFound } from '../../api/status-error.ts'
import type { Store } from '../storage/store.ts'
import { keyOfObject } from './keys.ts'
import type { ResourceType } from './resource.ts'
import { parseResourceVersion, waitForRevision } from './resource-version.ts'
import type { StoredObject } from './stored-object.ts'

export interface GetOptions {
  /** Not older than this. */
  readonly resourceVersion?: string
}

export async function getObject(
  store: Store,
  target: { type: ResourceType } & ObjectKey,
  options: GetOptions = {},
): Promise<StoredObject> {
  const revision = parseResourceVersion(options.resourceVersion)
  if (revision !== undefined && revision > store.revision) await waitForRevision(store, revision)
  const stored = await store.get(keyOfObject(target.type, target))
  if (!stored) throw notFound(target.type, target.name)
  return stored
}
