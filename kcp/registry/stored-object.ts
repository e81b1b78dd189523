// Stored bytes are served bytes: an object is encoded once when it is written, with apiVersion, kind and metadata first
// and without resourceVersion, which the store only knows at commit; serving copies and splices it in.
import { Buffer } from 'node:buffer'
import { isJsonObject, parseJson } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import type { ResourceType } from './resource.ts'

/** An object as the store has it. `revision` 0 means it was never stored (dry run). */
export interface StoredObject {
  readonly key: string
  readonly value: Uint8Array
  readonly revision: number
}

const metadataMark = Buffer.from('"metadata":{')

export function encodeObject(object: KubeObject, apiVersion: string): Uint8Array {
  const { apiVersion: _served, kind, metadata, ...rest } = object
  const { resourceVersion: _unknownYet, ...stored } = metadata
  return Buffer.from(JSON.stringify({ apiVersion, kind, metadata: stored, ...rest }))
}

/** As the type keeps it, whatever version it was written in. */
export function encodeStored(type: ResourceType, object: KubeObject): Uint8Array {
  const { conversion } = type
  if (conversion) return encodeObject(conversion.toStored(object), conversion.storedApiVersion)
  return encodeObject(object, apiVersionOf({ group: type.group, version: type.storageVersion }))
}

/** The bytes after `"metadata":{`. */
function tailOf(value: Uint8Array): Uint8Array {
  return value.subarray(tailStart(value))
}

const apiVersionStart = '{"apiVersion":"'.length
const betweenValues = '","kind":"'.length
const quote = 34

/** Steps over two short values; searching would cost more than copying the object does. */
function tailStart(value: Uint8Array): number {
  const apiVersionEnd = value.indexOf(quote, apiVersionStart)
  const kindEnd = value.indexOf(quote, apiVersionEnd + betweenValues)
  const start = kindEnd + 2
  if (isMark(value, start)) return start + metadataMark.length
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return bytes.indexOf(metadataMark) + metadataMark.length
}

function isMark(value: Uint8Array, start: number): boolean {
  for (let i = 0; i < metadataMark.length; i++) if (value[start + i] !== metadataMark[i]) return false
  return true
}

type Served = Pick<ResourceType, 'group' | 'version' | 'kind' | 'conversion'>
type ListedType = Served & Pick<ResourceType, 'origin'>
const heads = new WeakMap<Served, string>()

function headOf(type: Served): string {
  let head = heads.get(type)
  if (head === undefined) {
    head = `{"apiVersion":${JSON.stringify(apiVersionOf(type))},"kind":${JSON.stringify(type.kind)},"metadata":{`
    heads.set(type, head)
  }
  return head
}

/** The object as JSON in the served version (versions differ in apiVersion only). */
export function serveObject(type: Served, stored: StoredObject): Uint8Array {
  return serveWrapped(type, stored, '', '')
}

/** The same between two ASCII texts, in one buffer. */
export function serveWrapped(type: Served, stored: StoredObject, before: string, after: string): Uint8Array {
  if (type.conversion) return Buffer.from(`${before}${JSON.stringify(parseObject(type, stored))}${after}`)
  const version = stored.revision === 0 ? '' : `"resourceVersion":"${stored.revision}",`
  const head = before + headOf(type) + version
  const tail = tailOf(stored.value)
  const bytes = Buffer.allocUnsafe(head.length + tail.length + after.length)
  bytes.write(head, 0, 'latin1')
  bytes.set(tail, head.length)
  if (after !== '') bytes.write(after, head.length + tail.length, 'latin1')
  return bytes
}

/** Pieces of a list are at most about this long. */
const pieceBytesMax = 256 * 1024

/**
 * The objects of a list between the brackets, comma separated, each copied once. As in Kubernetes, items of native types
 * do not repeat apiVersion and kind.
 */
export function serveAll(type: ListedType, items: readonly StoredObject[]): Uint8Array[] {
  if (type.conversion) return items.map((item, index) => serveConverted(type, item, index === 0 ? '' : ','))
  const pieces: Uint8Array[] = []
  const before = `,${type.origin === 'native' ? '{"metadata":{' : headOf(type)}"resourceVersion":"`
  let heads: string[] = []
  let tails: Uint8Array[] = []
  let bytes = 0
  const flush = () => {
    pieces.push(joinAll(heads, tails, bytes))
    heads = []
    tails = []
    bytes = 0
  }
  items.forEach(({ value, revision }, index) => {
    const head = `${index === 0 ? before.slice(1) : before}${revision}",`
    const tail = tailOf(value)
    heads.push(head)
    tails.push(tail)
    bytes += head.length + tail.length
    if (bytes > pieceBytesMax) flush()
  })
  if (bytes > 0) flush()
  return pieces
}

function serveConverted(type: ListedType, stored: StoredObject, before: string): Uint8Array {
  const { apiVersion: _, kind: __, ...item } = parseObject(type, stored)
  return Buffer.from(before + JSON.stringify(item))
}

function joinAll(heads: readonly string[], tails: readonly Uint8Array[], bytes: number): Uint8Array {
  const joined = Buffer.allocUnsafe(bytes)
  let at = 0
  heads.forEach((head, index) => {
    const tail = tails[index]
    at += joined.write(head, at, 'latin1')
    if (!tail) return
    joined.set(tail, at)
    at += tail.length
  })
  return joined
}

/** A fresh copy of the object in the served version; the caller may change it. */
export function parseObject(type: Served, stored: StoredObject): KubeObject {
  const object = parseStored(stored)
  const converted = type.conversion ? type.conversion.fromStored(object) : object
  converted.apiVersion = apiVersionOf(type)
  return converted
}

/** The object with the apiVersion it was stored in. */
export function parseStored(stored: StoredObject): KubeObject {
  const bytes = Buffer.from(stored.value.buffer, stored.value.byteOffset, stored.value.byteLength)
  const object = parseJson(bytes.toString('utf8'))
  if (!isKubeObject(object)) throw new Error(`stored value of ${stored.key} is not an object`)
  if (stored.revision !== 0) object.metadata.resourceVersion = String(stored.revision)
  return object
}

function isKubeObject(value: unknown): value is KubeObject {
  return isJsonObject(value) && isJsonObject(value.metadata)
}
