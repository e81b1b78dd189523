// Paths of a set in the text people see: `.spec.containers[name="web"].image`, `.metadata.finalizers[="x"]`.
import { isJsonObject, type JsonValue, parseJson } from '../../json.ts'
import { childOf, type Fields, isMember, keysBelow, leaf } from './fields.ts'
import { compareKeys } from './key-order.ts'

/** All members; those of one level before what is below them. */
export function pathsOf(fields: Fields, prefix = ''): string[] {
  const keys = keysBelow(fields).sort(compareKeys)
  const members = keys.filter(key => isMember(childOf(fields, key) ?? leaf)).map(key => prefix + pathElement(key))
  return [...members, ...keys.flatMap(key => pathsOf(childOf(fields, key) ?? leaf, prefix + pathElement(key)))]
}

/** One key of a set as text. */
export function pathElement(key: string): string {
  const text = key.slice(2)
  if (key.startsWith('f:')) return `.${text}`
  if (key.startsWith('v:')) return `[=${elementText(parseJson(text))}]`
  if (!key.startsWith('k:')) return `[${text}]`
  const keys = parseJson(text)
  const parts = isJsonObject(keys) ? Object.keys(keys).map(name => `${name}=${elementText(keys[name] ?? null)}`) : []
  return `[${parts.join(',')}]`
}

function elementText(value: JsonValue): string {
  return JSON.stringify(value)
}
