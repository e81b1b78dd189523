// OpenAPI documents as bytes, put together from pieces: one for all native types, one for each other type. Pieces are
// kept, so that one more CRD among a thousand costs one piece; many are made with breaks for other work.
import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { JsonObject } from '../../api/json.ts'
import { contentHash, infoOf, type OpenApiOptions, openApiV2Document, writeSchemas } from './openapi.ts'
import { kindComponent, writeV3Schema } from './openapi-components.ts'
import { pathsText, v2Parameters } from './openapi-paths.ts'
import { encodeOpenApiV2 } from './openapi-protobuf.ts'
import { writeV2Definition } from './openapi-v2-schema.ts'
import type { ServedType } from './served-type.ts'

export type OpenApiForm = 'v3' | 'v2' | 'v2-protobuf'

export interface WrittenDocument {
  readonly body: Uint8Array
  /** Of what the pieces say, not of the whole: millions of bytes are not read again for it. */
  readonly hash: string
}

export type OpenApiWriter = (types: readonly ServedType[], form: OpenApiForm) => Promise<WrittenDocument>

/** Members of `paths` and of the schemas, without braces; in protobuf both as fields of a message. */
interface Piece {
  readonly paths: Uint8Array
  readonly schemas: Uint8Array
  readonly hash: string
}

const piecesBytesMax = 64 * 1024 * 1024
/** Other requests wait at most about this long. */
const piecesMsMax = 15

export function createOpenApiWriter(options: OpenApiOptions): OpenApiWriter {
  const pieces = new LRUCache<string, Piece>({
    maxSize: piecesBytesMax,
    sizeCalculation: ({ paths, schemas }) => paths.length + schemas.length + 1,
  })
  const pieceOf = (types: readonly ServedType[], form: OpenApiForm, alsoNeeded: readonly string[]): Piece => {
    const key = `${form} ${contentHash(types, options.version)} ${alsoNeeded.join()}`
    let piece = pieces.get(key)
    if (piece === undefined) {
      const isShared = types.length !== 1 || types[0]?.schema.component !== undefined
      const findComponent = isShared ? options.findComponent : () => undefined
      piece = makePiece(types, form, { ...options, findComponent, alsoNeeded })
      pieces.set(key, piece)
    }
    return piece
  }
  return async (types, form) => {
    const own = types.filter(type => type.schema.component === undefined)
    const native = types.filter(type => type.schema.component !== undefined)
    const found = [pieceOf(native, form, foreignKinds(own))]
    let since = performance.now()
    for (const type of own) {
      found.push(pieceOf([type], form, []))
      if (performance.now() - since < piecesMsMax) continue
      await setImmediate()
      since = performance.now()
    }
    const text = [form, options.version, ...found.map(piece => piece.hash)].join('\n')
    return { body: join(found, form, infoOf(options)), hash: hash('sha512', text, 'hex').toUpperCase() }
  }
}

/** Components of subresources that are no kinds of the types themselves, such as Scale. */
function foreignKinds(types: readonly ServedType[]): string[] {
  const names = types.flatMap(({ subresources }) =>
    Object.values(subresources).flatMap(({ responseKind }) => (responseKind ? [kindComponent(responseKind)] : [])),
  )
  return [...new Set(names)].sort()
}

const nothing = Buffer.alloc(0)

function makePiece(types: readonly ServedType[], form: OpenApiForm, options: OpenApiOptions): Piece {
  if (form === 'v2-protobuf') {
    // A message that comes in parts is merged by its readers.
    const { paths = {}, definitions = {} } = openApiV2Document(types, options)
    return pieceFrom(encodeOpenApiV2({ paths, definitions }), nothing)
  }
  const schemas = writeSchemas(types, options, form === 'v3' ? writeV3Schema : writeV2Definition)
  const paths = types.map(type => pathsText(type, form)).join()
  return pieceFrom(Buffer.from(paths), Buffer.from(JSON.stringify(schemas).slice(1, -1)))
}

function pieceFrom(paths: Uint8Array, schemas: Uint8Array): Piece {
  return { paths, schemas, hash: hash('sha256', paths, 'base64url') + hash('sha256', schemas, 'base64url') }
}

const comma = Buffer.from(',')

function listed(parts: readonly Uint8Array[]): Uint8Array[] {
  const full = parts.filter(part => part.length > 0)
  return full.flatMap((part, index) => (index === 0 ? [part] : [comma, part]))
}

function join(pieces: readonly Piece[], form: OpenApiForm, info: JsonObject): Uint8Array {
  const paths = pieces.map(piece => piece.paths)
  if (form === 'v2-protobuf') {
    return Buffer.concat([encodeOpenApiV2({ swagger: '2.0', info, parameters: v2Parameters }), ...paths])
  }
  const isV3 = form === 'v3'
  const start = `{${isV3 ? '"openapi":"3.0.0"' : '"swagger":"2.0"'},"info":${JSON.stringify(info)},"paths":{`
  const between = isV3 ? '},"components":{"schemas":{' : '},"definitions":{'
  const end = isV3 ? '}}}' : `},"parameters":${JSON.stringify(v2Parameters)}}`
  const schemas = listed(pieces.map(piece => piece.schemas))
  return Buffer.concat([Buffer.from(start), ...listed(paths), Buffer.from(between), ...schemas, Buffer.from(end)])
}
