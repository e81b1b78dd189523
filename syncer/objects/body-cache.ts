// The bodies of objects seen last, as text and within a bound: what does not fit is read again when needed.
import { LRUCache } from 'lru-cache'
import { isJsonObject, parseJson } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'

export interface BodyCache {
  get(key: string): KubeObject | undefined
  set(key: string, object: KubeObject): void
  delete(key: string): void
}

const bodiesCharsLimit = 8 * 1024 * 1024

export function createBodyCache(charsLimit = bodiesCharsLimit): BodyCache {
  const bodies = new LRUCache<string, string>({ maxSize: charsLimit, sizeCalculation: body => body.length })
  return {
    get(key) {
      const body = bodies.get(key)
      if (body === undefined) return undefined
      const value = parseJson(body)
      return isJsonObject(value) ? (value as unknown as KubeObject) : undefined
    },
    set: (key, object) => void bodies.set(key, JSON.stringify(object)),
    delete: key => void bodies.delete(key),
  }
}
