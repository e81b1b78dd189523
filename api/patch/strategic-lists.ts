// Lists of a strategic merge: elements found by their keys, and the order of the result. Elements the patch names come
// in its order, others keep their places between them as far as possible; so new elements end up in front.
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'
import { failure } from '../status-error.ts'
import { goTypeName, goValue } from './go-value.ts'
import type { ListRule } from './strategic-topology.ts'

type Keys = ListRule['keys']

interface MergeOptions {
  readonly keys: Keys
  mergeElement(before: JsonObject, patch: JsonObject): JsonObject
  /** What a new element looks like without nulls and directives. */
  plainElement(element: JsonObject): JsonValue
}

export function mergeList(before: JsonValue[], patch: JsonValue[], options: MergeOptions): JsonValue[] {
  const all = [...before, ...patch]
  if (all.some(Array.isArray)) {
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
  }
  if (all.some(isJsonObject)) {
    if (options.keys.length === 0) throw failure(500, '', 'cannot merge lists without merge key for ')
    return mergeObjects(before, patch, options)
  }
  const unique = new Map(all.map(value => [JSON.stringify(value), value]))
  return orderList([...unique.values()], { order: patch, before, keys: [] })
}

function mergeObjects(before: JsonValue[], patch: JsonValue[], options: MergeOptions): JsonValue[] {
  const { keys } = options
  const elements = patch.map(asObject)
  for (const element of elements) checkDirective(element)
  const additions = elements.filter(element => !Object.hasOwn(element, '$patch'))
  if (elements.some(element => getOwn(element, '$patch') === 'replace')) {
    return additions.map(options.plainElement)
  }
  const gone = new Set(
    elements.filter(element => Object.hasOwn(element, '$patch')).map(element => identityOf(element, keys)),
  )
  const rest = before.filter(element => gone.size === 0 || !gone.has(identity(element, keys) ?? ''))
  const merged = new Map<string, JsonValue>(rest.map(element => [identityOf(element, keys), element]))
  for (const addition of additions) {
    const key = identityOf(addition, keys)
    const found = merged.get(key)
    merged.set(key, isJsonObject(found) ? options.mergeElement(found, addition) : options.plainElement(addition))
  }
  return orderList([...merged.values()], { order: additions, before: rest, keys })
}

function checkDirective(element: JsonObject): void {
  const word = getOwn(element, '$patch')
  if (word === undefined || word === 'delete' || word === 'replace') return
  if (word === 'merge') throw failure(500, '', 'merging lists cannot yet be specified in the patch')
  throw failure(500, '', `unknown patch type: ${goValue(word)} in map: ${goValue(element)}`)
}

interface OrderOptions {
  readonly order: readonly JsonValue[]
  readonly before: readonly JsonValue[]
  readonly keys: Keys
}

/** Elements named in `order` in that order, the others by their places in `before`. */
export function orderList(list: readonly JsonValue[], { order, before, keys }: OrderOptions): JsonValue[] {
  const inOrder = places(order, keys)
  const inBefore = places(before, keys)
  const elements = list.map(element => {
    const key = identityOf(element, keys)
    return { element, named: inOrder.get(key) ?? -1, own: inBefore.get(key) ?? -1 }
  })
  const named = elements.filter(({ named }) => named >= 0).sort((a, b) => a.named - b.named)
  const others = elements.filter(({ named }) => named < 0).sort((a, b) => a.own - b.own)
  const result: JsonValue[] = []
  let next = 0
  for (const { element, own } of named) {
    for (let other = others[next]; other !== undefined && other.own < own; other = others[++next]) {
      result.push(other.element)
    }
    result.push(element)
  }
  return [...result, ...others.slice(next).map(({ element }) => element)]
}

/** Elements of a patch come in the order that it names. */
export function checkOrder(list: readonly JsonValue[], order: readonly JsonValue[], keys: Keys): void {
  const content = list.filter(element => !isJsonObject(element) || !Object.hasOwn(element, '$patch'))
  let next = 0
  for (const named of order) {
    const element = content[next]
    if (element !== undefined && identity(element, keys) === identity(named, keys)) next++
  }
  if (next === content.length) return
  const text = `The order in patch list:\n${goValue([...content])}\n doesn't match $setElementOrder list:\n`
  throw failure(500, '', `${text}${goValue([...order])}\n`)
}

export function deletePrimitives(list: readonly JsonValue[], values: readonly JsonValue[]): JsonValue[] {
  const gone = new Set(values.map(value => JSON.stringify(value)))
  return list.filter(element => !gone.has(JSON.stringify(element)))
}

/** First place of each element. */
function places(list: readonly JsonValue[], keys: Keys): Map<string, number> {
  const found = new Map<string, number>()
  list.forEach((element, i) => {
    const key = identity(element, keys)
    if (key !== undefined && !found.has(key)) found.set(key, i)
  })
  return found
}

/** Text that is equal for equal elements; undefined when a key is missing. */
function identity(element: JsonValue, keys: Keys): string | undefined {
  if (keys.length === 0) return JSON.stringify(element)
  if (!isJsonObject(element)) return undefined
  const values = keys.map(({ name, default: fallback }) => getOwn(element, name) ?? fallback)
  return values.includes(undefined) ? undefined : JSON.stringify(values)
}

function identityOf(element: JsonValue, keys: Keys): string {
  const key = identity(element, keys)
  if (key !== undefined) return key
  const object = asObject(element)
  const missing = keys.find(({ name, default: fallback }) => (getOwn(object, name) ?? fallback) === undefined)
  throw failure(500, '', `map: ${goValue(element)} does not contain declared merge key: ${missing?.name}`)
}

function asObject(element: JsonValue): JsonObject {
  if (isJsonObject(element)) return element
  throw failure(500, '', `expected a map[string]interface {}, but received a ${goTypeName(element)}`)
}
