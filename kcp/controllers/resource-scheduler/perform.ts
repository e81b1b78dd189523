// Writes what was decided for one object; of two writers at once the other one goes first and ours is decided again.
import type { GroupVersionResource, KubeObject, ObjectKey } from '../../../api/objects.ts'
import { isConflict, isNotFound } from '../../../api/status-error.ts'
import type { Client } from '../../../api-client/client.ts'
import { getOrUndefined, patchRead } from '../loop.ts'
import type { Action } from './decide.ts'

export interface ObjectWork {
  readonly gvr: GroupVersionResource
  readonly key: ObjectKey
  /** As it was seen; undefined: it must be read. */
  readonly object: KubeObject | undefined
  readonly decide: (object: KubeObject) => Action | undefined
  readonly planSoleOwner: PlanSoleOwner
}

/** What follows when only one SyncTarget is left with an object: its reports become those of the object. */
export type PlanSoleOwner = (
  object: KubeObject,
) => readonly { readonly subresource: '' | 'status'; readonly object: KubeObject }[]

const attemptsMax = 3

export async function perform(client: Client, work: ObjectWork): Promise<void> {
  const { gvr, key } = work
  let object = work.object
  for (let attempt = 1; ; attempt++) {
    object ??= await getOrUndefined(client, gvr, key)
    const action = object && work.decide(object)
    if (object === undefined || action === undefined) return
    try {
      return await write(client, work, { object, action })
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error) || attempt === attemptsMax) throw error
      object = undefined
    }
  }
}

async function write(
  client: Client,
  { gvr, key, planSoleOwner }: ObjectWork,
  { object, action }: { object: KubeObject; action: Action },
): Promise<void> {
  const local = client.cluster(key.cluster)
  if (action.type === 'delete') {
    const { name, namespace, uid = '' } = object.metadata
    await local.delete(gvr, { name, ...(namespace ? { namespace } : {}) }, { uid })
    return
  }
  const { change } = action
  let latest = await patchRead(client, gvr, { object, body: { metadata: change } })
  if (!Object.values(change.labels).includes(null)) return
  for (const { subresource, object: next } of planSoleOwner(latest)) {
    const { resourceVersion = '' } = latest.metadata
    const body = { ...next, metadata: { ...next.metadata, resourceVersion } }
    latest = await local.update(gvr, body, subresource === '' ? {} : { subresource })
  }
}
