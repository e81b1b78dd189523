// JSON patch (RFC 6902) with the habits of the library Kubernetes uses: `replace` of a missing member adds it,
// negative indices count from the end. Pure: the document stays as it is. Leaves out: media types.
import { copyJson, equalJson, getOwn, isJsonObject, type JsonObject, type JsonValue, setOwn } from '../json.ts'
import { badRequest, failure, type StatusError } from '../status-error.ts'

export const operationsLimit = 10_000
/** How much text all `copy` operations of one patch may add. */
export const copiedCharsLimit = 3 * 1024 * 1024

interface Operation {
  op: string
  /** Undefined for a path that leads nowhere. */
  path: string[] | undefined
  from: string[] | undefined
  value: JsonValue | undefined
}

/** Throws 400 for what is no patch, 413 for too many operations, 422 when an operation cannot be done. */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  const operations = readOperations(patch)
  const state: State = { root: copyJson(document), copiedChars: 0 }
  for (const operation of operations) apply(state, operation)
  return state.root
}

interface State {
  root: JsonValue
  copiedChars: number
}

function readOperations(patch: JsonValue): Operation[] {
  if (patch === null) return []
  if (!Array.isArray(patch)) throw undecodable(patch, '[]handlers.jsonPatchOp')
  if (patch.length > operationsLimit) {
    const text = `The allowed maximum operations in a JSON patch is ${operationsLimit}, got ${patch.length}`
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: ${text}`)
  }
  return patch.map(item => {
    if (!isJsonObject(item) && item !== null) throw undecodable(item, 'handlers.jsonPatchOp')
    const { op, path, from, value } = item ?? {}
    return { op: typeof op === 'string' ? op : '', path: pointer(path), from: pointer(from), value }
  })
}

function undecodable(value: JsonValue, goType: string): StatusError {
  const kind = Array.isArray(value) ? 'array' : isJsonObject(value) ? 'object' : typeof value
  const name = kind === 'boolean' ? 'bool' : kind
  return badRequest(`error decoding patch: json: cannot unmarshal ${name} into Go value of type ${goType}`)
}

function pointer(text: JsonValue | undefined): string[] | undefined {
  if (text === '') return []
  if (typeof text !== 'string' || !text.startsWith('/')) return undefined
  const [, ...tokens] = text.split('/')
  return tokens.map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function apply(state: State, { op, path, from = [], value }: Operation): void {
  // Only `test` may look at the whole document.
  if (path === undefined || (path.length === 0 && op !== 'test')) throw rejected()
  if (op === 'add' || op === 'replace') put(state, path, { value: copyJson(value ?? null), how: op })
  else if (op === 'remove') remove(state, path)
  else if (op === 'move') put(state, path, { value: take(state, from), how: 'add' })
  else if (op === 'copy') put(state, path, { value: copy(state, from), how: 'add' })
  else if (op !== 'test' || value === undefined || !equalJson(read(state, path) ?? null, value)) throw rejected()
}

function take(state: State, path: string[]): JsonValue {
  const value = read(state, path)
  if (value === undefined) throw rejected()
  remove(state, path)
  return value
}

/** Copying a missing member copies null. */
function copy(state: State, path: string[]): JsonValue {
  const value = read(state, path) ?? null
  state.copiedChars += JSON.stringify(value).length
  if (state.copiedChars > copiedCharsLimit) throw rejected()
  return copyJson(value)
}

/** The value at a path; undefined when only the last member of an object is missing. */
function read(state: State, path: string[]): JsonValue | undefined {
  if (path.length === 0) return state.root
  const { container, key } = locate(state, path)
  return Array.isArray(container) ? container[index(key, container.length)] : getOwn(container, key)
}

function put(state: State, path: string[], { value, how }: { value: JsonValue; how: 'add' | 'replace' }): void {
  const { container, key } = locate(state, path)
  if (!Array.isArray(container)) setOwn(container, key, value)
  else if (how === 'replace') container[index(key, container.length)] = value
  else if (key === '-') container.push(value)
  else container.splice(index(key, container.length + 1), 0, value)
}

function remove(state: State, path: string[]): void {
  const { container, key } = locate(state, path)
  if (Array.isArray(container)) container.splice(index(key, container.length), 1)
  else if (Object.hasOwn(container, key)) delete container[key]
  else throw rejected()
}

/** The list or object that holds the last member of a path; it must exist. */
function locate(state: State, path: string[]): { container: JsonValue[] | JsonObject; key: string } {
  const key = path.at(-1)
  if (key === undefined) throw rejected()
  let container: JsonValue | undefined = state.root
  for (const token of path.slice(0, -1)) {
    if (Array.isArray(container)) container = container[index(token, container.length)]
    else if (isJsonObject(container)) container = getOwn(container, token)
  }
  if (!Array.isArray(container) && !isJsonObject(container)) throw rejected()
  return { container, key }
}

function index(token: string, length: number): number {
  const number = /^-?\d+$/.test(token) ? Number(token) : Number.NaN
  const positive = number < 0 ? number + length : number
  if (!(positive >= 0 && positive < length)) throw rejected()
  return positive
}

function rejected(): StatusError {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}
