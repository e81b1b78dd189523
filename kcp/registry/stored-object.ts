// Stored bytes are served bytes: an object is encoded once when it is written, with apiVersion, kind and metadata first
// and without resourceVersion, which the store only knows at commit; serving copies and splices it in. Where schemas may
// change, a mark before the metadata tells under which shape of schema; rows with another one are parsed and repaired.
import { Buffer } from 'node:buffer'
import { isJsonObject, parseJson } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import type { KeptForm, ResourceType } from './resource.ts'

/** An object as the store has it. `revision` 0 means it was never stored (dry run). */
export interface StoredObject {
  readonly key: string
  readonly value: Uint8Array
  readonly revision: number
}

const metadataMark = Buffer.from('"metadata":{')

export function encodeObject(object: KubeObject, apiVersion: string, mark = ''): Uint8Array {
  const { apiVersion: _served, kind, metadata, ...rest } = object
  const { resourceVersion: _unknownYet, ...stored } = metadata
  // An object may have a member of this name: it goes without the mark, and is looked at whenever it is read.
  const marks = mark !== '' && !Object.hasOwn(rest, 'form')
  const kept = marks
    ? { apiVersion, kind, form: mark, metadata: stored, ...rest }
    : { apiVersion, kind, metadata: stored, ...rest }
  return Buffer.from(JSON.stringify(kept))
}

/** As the type keeps it, whatever version it was written in. */
export function encodeStored(type: ResourceType, object: KubeObject): Uint8Array {
  const { conversion, kept } = type
  if (kept) return encodeObject(kept.toKept(object), kept.apiVersion, kept.mark)
  if (conversion) return encodeObject(conversion.toStored(object), conversion.storedApiVersion)
  return encodeObject(object, apiVersionOf({ group: type.group, version: type.storageVersion }))
}

/** The bytes after `"metadata":{`. */
function tailOf(value: Uint8Array): Uint8Array {
  return value.subarray(tailStart(value))
}

const apiVersionStart = '{"apiVersion":"'.length
const betweenValues = '","kind":"'.length
const beforeForm = '"form":"'.length
const quote = 34
const letterF = 102

/** Steps over two or three short values; searching would cost more than copying the object does. */
function tailStart(value: Uint8Array): number {
  const first = endOfKind(value)
  const start = isMarked(value, first) ? value.indexOf(quote, first + beforeForm) + 2 : first
  if (isMark(value, start)) return start + metadataMark.length
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return bytes.indexOf(metadataMark) + metadataMark.length
}

/** Where the member after the kind starts. */
function endOfKind(value: Uint8Array): number {
  const apiVersionEnd = value.indexOf(quote, apiVersionStart)
  return value.indexOf(quote, apiVersionEnd + betweenValues) + 2
}

function isMarked(value: Uint8Array, at: number): boolean {
  return value[at + 1] === letterF
}

const keptHeads = new WeakMap<KeptForm, Buffer>()

/** How rows of this form start, up to the members of metadata. */
function keptHead(kept: KeptForm, kind: string): Buffer {
  let head = keptHeads.get(kept)
  if (!head) {
    const { apiVersion, mark } = kept
    const start = `{"apiVersion":${JSON.stringify(apiVersion)},"kind":${JSON.stringify(kind)},"form":"${mark}",`
    head = Buffer.from(`${start}"metadata":{`)
    keptHeads.set(kept, head)
  }
  return head
}

/** Whether a row is as its type would keep it now. */
export function isKept({ kept, kind }: Pick<Served, 'kept' | 'kind'>, value: Uint8Array): boolean {
  if (kept === undefined) return true
  const head = keptHead(kept, kind)
  return value.length > head.length && head.compare(value, 0, head.length) === 0
}

/** The bytes after `"metadata":{` of a row that can be served as it is. */
function servedTail(type: Served, value: Uint8Array): Uint8Array | undefined {
  const { kept } = type
  if (kept === undefined) return tailOf(value)
  return isServed(type, value) ? value.subarray(keptHead(kept, type.kind).length) : undefined
}

/** Whether a row can be served as it is, but for its apiVersion. */
export function isServed(type: Pick<Served, 'kept' | 'kind'>, value: Uint8Array): boolean {
  return type.kept === undefined || (type.kept.isServed && isKept(type, value))
}

function isMark(value: Uint8Array, start: number): boolean {
  for (let i = 0; i < metadataMark.length; i++) if (value[start + i] !== metadataMark[i]) return false
  return true
}

type Served = Pick<ResourceType, 'group' | 'version' | 'kind' | 'conversion' | 'kept'>
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
  const tail = type.conversion ? undefined : servedTail(type, stored.value)
  if (!tail) return Buffer.from(`${before}${JSON.stringify(parseObject(type, stored))}${after}`)
  const version = stored.revision === 0 ? '' : `"resourceVersion":"${stored.revision}",`
  const head = before + headOf(type) + version
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
  items.forEach((stored, index) => {
    const { value, revision } = stored
    const asIs = servedTail(type, value)
    const comma = index === 0 ? '' : ','
    const head = asIs ? `${index === 0 ? before.slice(1) : before}${revision}",` : comma
    const tail = asIs ?? Buffer.from(JSON.stringify(parseObject(type, stored)))
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
  if (!isServed(type, stored.value)) return type.kept?.toServed(object) ?? object
  const converted = type.conversion ? type.conversion.fromStored(object) : object
  converted.apiVersion = apiVersionOf(type)
  return converted
}

/** The object with the apiVersion it was stored in, and as it was stored then. */
export function parseStored(stored: StoredObject): KubeObject {
  const { value } = stored
  const object = parseJson(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'))
  if (!isKubeObject(object)) throw new Error(`stored value of ${stored.key} is not an object`)
  if (stored.revision !== 0) object.metadata.resourceVersion = String(stored.revision)
  return isMarked(value, endOfKind(value)) ? withoutMark(object) : object
}

function withoutMark({ form: _, ...object }: KubeObject & { form?: unknown }): KubeObject {
  return object
}

function isKubeObject(value: unknown): value is KubeObject {
  return isJsonObject(value) && isJsonObject(value.metadata)
}
