// OpenAPI documents as text or protobuf, put together from pieces: one for all native types, one for each other type.
// Pieces are kept, so that one more CRD among a thousand costs one piece; many are made with breaks for other work.
import { Buffer } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { contentHash, type OpenApiOptions, openApiV2Document, openApiV3Document } from './openapi.ts'
import { kindComponent } from './openapi-components.ts'
import { encodeOpenApiV2 } from './openapi-protobuf.ts'
import type { ServedType } from './served-type.ts'

export type OpenApiForm = 'v3' | 'v2' | 'v2-protobuf'

export type OpenApiWriter = (types: readonly ServedType[], form: OpenApiForm) => Promise<string | Uint8Array>

/** Members of `paths` and of the schemas, without braces; or the same as fields of a message. */
type Piece = { readonly paths: string; readonly schemas: string } | { readonly bytes: Uint8Array }

const piecesCharsMax = 64 * 1024 * 1024
/** Other requests wait at most about this long. */
const piecesMsMax = 15

export function createOpenApiWriter(options: OpenApiOptions): OpenApiWriter {
  const pieces = new LRUCache<string, Piece>({ maxSize: piecesCharsMax, sizeCalculation: sizeOf })
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
    return join(found, form, options.version)
  }
}

function sizeOf(piece: Piece): number {
  return 'bytes' in piece ? piece.bytes.length + 1 : piece.paths.length + piece.schemas.length + 1
}

/** Components of subresources that are no kinds of the types themselves, such as Scale. */
function foreignKinds(types: readonly ServedType[]): string[] {
  const names = types.flatMap(({ subresources }) =>
    Object.values(subresources).flatMap(({ responseKind }) => (responseKind ? [kindComponent(responseKind)] : [])),
  )
  return [...new Set(names)].sort()
}

function makePiece(types: readonly ServedType[], form: OpenApiForm, options: OpenApiOptions): Piece {
  if (form === 'v3') {
    const { paths, components } = openApiV3Document(types, options)
    return { paths: membersOf(paths), schemas: membersOf(isJsonObject(components) ? components.schemas : undefined) }
  }
  const { paths = {}, definitions = {} } = openApiV2Document(types, options)
  // A message that comes in parts is merged by its readers.
  if (form === 'v2-protobuf') return { bytes: encodeOpenApiV2({ paths, definitions }) }
  return { paths: membersOf(paths), schemas: membersOf(definitions) }
}

function membersOf(object: JsonValue | undefined): string {
  return object === undefined ? '' : JSON.stringify(object).slice(1, -1)
}

function join(pieces: readonly Piece[], form: OpenApiForm, version: string): string | Uint8Array {
  const info: JsonObject = { title: 'Kubernetes', version }
  if (form === 'v2-protobuf') {
    const head = encodeOpenApiV2({ swagger: '2.0', info })
    return Buffer.concat([head, ...pieces.map(piece => ('bytes' in piece ? piece.bytes : Buffer.alloc(0)))])
  }
  const texts = (name: 'paths' | 'schemas') =>
    pieces
      .map(piece => ('bytes' in piece ? '' : piece[name]))
      .filter(text => text !== '')
      .join(',')
  const start = form === 'v3' ? '"openapi":"3.0.0"' : '"swagger":"2.0"'
  const schemas =
    form === 'v3' ? `"components":{"schemas":{${texts('schemas')}}}` : `"definitions":{${texts('schemas')}}`
  return `{${start},"info":${JSON.stringify(info)},"paths":{${texts('paths')}},${schemas}}`
}
