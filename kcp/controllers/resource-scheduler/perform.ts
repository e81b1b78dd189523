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
}

const attemptsMax = 3

export async function perform(client: Client, work: ObjectWork): Promise<void> {
  const { gvr, key } = work
  let object = work.object
  for (let attempt = 1; ; attempt++) {
    object ??= await getOrUndefined(client, gvr, key)
    const action = object && work.decide(object)
    if (object === undefined || action === undefined) return
    try {
      return await write(client, gvr, { object, action })
    } catch (error) {
      if (isNotFound(error)) return
      if (!isConflict(error) || attempt === attemptsMax) throw error
      object = undefined
    }
  }
}

async function write(
  client: Client,
  gvr: GroupVersionResource,
  { object, action }: { object: KubeObject; action: Action },
): Promise<void> {
  if (action.type === 'patch') {
    await patchRead(client, gvr, { object, body: { metadata: action.change } })
    return
  }
  const { name, namespace, uid = '', annotations } = object.metadata
  const target = { name, ...(namespace ? { namespace } : {}) }
  await client.cluster(annotations?.['kcp.io/cluster'] ?? '').delete(gvr, target, { uid })
}
