// The bodies of objects seen last, as text and within a bound of bytes: what does not fit is read again when needed.
import { LRUCache } from 'lru-cache'
import { isJsonObject, parseJson } from '../../api/json.ts'
import type { KubeObject } from '../../api/objects.ts'

export interface BodyCache {
  get(key: string): KubeObject | undefined
  set(key: string, object: KubeObject): void
  delete(key: string): void
}

const bodiesBytesLimit = 16 * 1024 * 1024

export function createBodyCache(bytesLimit = bodiesBytesLimit): BodyCache {
  const bodies = new LRUCache<string, Buffer>({
    maxSize: bytesLimit,
    sizeCalculation: body => Math.max(1, body.length),
  })
  return {
    get(key) {
      const body = bodies.get(key)
      if (!body) return undefined
      const value = parseJson(body.toString('utf8'))
      return isJsonObject(value) ? (value as unknown as KubeObject) : undefined
    },
    set: (key, object) => void bodies.set(key, Buffer.from(JSON.stringify(object))),
    delete: key => void bodies.delete(key),
  }
}
