// Watches of the in-process client: an event is parsed once for all of them, so whoever gets its object only reads it.
import { apiVersionOf, type KubeObject, type WatchEvent } from '../../api/objects.ts'
import type { ResourceType } from '../registry/resource.ts'
import { parseObject } from '../registry/stored-object.ts'
import type { ObjectWatch, WatchItem } from '../registry/watch.ts'
import type { StoreEvent } from '../storage/store.ts'

export interface InProcessWatch {
  readonly type: ResourceType
  readonly watch: ObjectWatch
  /** Ends the watch. */
  readonly end: AbortController
  /** The watch ends by itself then, after a bookmark that says how far it came. */
  readonly timeoutMs: number
}

export async function* watchInProcess({ type, watch, end, timeoutMs }: InProcessWatch): AsyncGenerator<WatchEvent> {
  let isDue = false
  const timer = setTimeout(() => {
    isDue = true
    watch.requestProgress()
  }, timeoutMs)
  timer.unref()
  try {
    for await (const { items, revision } of watch) {
      for (const item of items) yield { type: item.type, object: objectOf(type, item) }
      if (!isDue) continue
      const metadata = { name: '', resourceVersion: String(revision) }
      yield { type: 'BOOKMARK', object: { apiVersion: apiVersionOf(type), kind: type.kind, metadata } }
      return
    }
  } finally {
    clearTimeout(timer)
    end.abort()
  }
}

/** Per event and then per kind of event and served version, as the bytes of events are for other watchers. */
const objects = new WeakMap<StoreEvent, Map<string, KubeObject>>()

function objectOf(type: ResourceType, { type: eventType, stored, event }: WatchItem): KubeObject {
  if (!event) return parseObject(type, stored)
  let forms = objects.get(event)
  if (!forms) {
    forms = new Map()
    objects.set(event, forms)
  }
  const form = `${eventType}/${apiVersionOf(type)}/${type.kept?.id ?? ''}`
  let object = forms.get(form)
  if (!object) {
    object = parseObject(type, stored)
    forms.set(form, object)
  }
  return object
}
