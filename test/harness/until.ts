// Waits for one object to be as wanted: a list, then the watch, with a deadline.
import type { GroupVersionResource, KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'

const waitMsMax = 10_000

/** The state that passes; an object that does not exist is undefined. */
export async function until<T extends KubeObject>(
  client: Client,
  target: { readonly gvr: GroupVersionResource; readonly name: string },
  passes: (object: T | undefined) => boolean,
): Promise<T | undefined> {
  const { gvr, name } = target
  const fieldSelector = `metadata.name=${name}`
  const list = await client.list<T>(gvr, { fieldSelector })
  let latest = list.items[0]
  if (passes(latest)) return latest
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(waitMsMax)])
  const { resourceVersion } = list.metadata
  try {
    for await (const event of client.watch<T>(gvr, { resourceVersion, fieldSelector, signal })) {
      if (event.type === 'BOOKMARK') continue
      latest = event.type === 'DELETED' ? undefined : event.object
      if (passes(latest)) return latest
    }
  } finally {
    done.abort()
  }
  throw new Error(`${name} is not as wanted in time: ${JSON.stringify(latest)}`)
}
