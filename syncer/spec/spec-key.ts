// Keys of the queue that carries specs down and statuses up: which resource, which upstream object.
import { formatKey, type ObjectKey, parseKey } from '../../api/objects.ts'

export interface SpecKey {
  readonly kindId: string
  readonly key: ObjectKey
}

export function formatSpecKey({ kindId, key }: SpecKey): string {
  return `${kindId} ${formatKey(key)}`
}

export function parseSpecKey(text: string): SpecKey {
  const space = text.indexOf(' ')
  return { kindId: text.slice(0, space), key: parseKey(text.slice(space + 1)) }
}
