// Documents about types (discovery, OpenAPI) by a name of their content: made once however many logical clusters serve
// the same, and kept while there is room, also compressed. Leaves out: what they say.
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { ApiRequest, ApiResponse } from './exchange.ts'

export interface CachedDocument {
  readonly body: string | Uint8Array
  /** Quoted; equal documents have equal ones. */
  readonly etag: string
}

/** A text, or bytes and a hash of what they say. */
type Made = string | { readonly body: Uint8Array; readonly hash: string } | undefined

/** `name` says all the content depends on. undefined: there is no such document. */
export type DocumentCache = (name: string, make: () => Made | Promise<Made>) => Promise<CachedDocument | undefined>

/** Of all documents together; the largest, OpenAPI v2 of a simulated cluster, has about 3 MiB. */
const cachedCharsMax = 64 * 1024 * 1024

export function createDocumentCache(): DocumentCache {
  const documents = new LRUCache<string, CachedDocument>({
    maxSize: cachedCharsMax,
    sizeCalculation: ({ body }) => body.length + 1,
  })
  const pending = new Map<string, Promise<CachedDocument | undefined>>()
  const create = async (name: string, make: () => Made | Promise<Made>) => {
    const made = await make()
    if (made === undefined) return undefined
    const document = typeof made === 'string' ? textDocument(made) : { body: made.body, etag: `"${made.hash}"` }
    documents.set(name, document)
    return document
  }
  return async (name, make) => {
    const known = documents.get(name) ?? pending.get(name)
    if (known) return known
    const created = create(name, make).finally(() => pending.delete(name))
    pending.set(name, created)
    return created
  }
}

function textDocument(body: string): CachedDocument {
  return { body, etag: `"${hash('sha512', body, 'hex').toUpperCase()}"` }
}

/** 200, or 304 for a client that has this very document. */
export function documentResponse(
  request: ApiRequest,
  { body, etag }: CachedDocument,
  headers: Readonly<Record<string, string>>,
): ApiResponse {
  const shared = { vary: 'Accept', etag }
  if (!isKnown(request.headers['if-none-match'], etag)) return { status: 200, headers: { ...headers, ...shared }, body }
  const { 'content-type': _type, ...rest } = headers
  return { status: 304, headers: { ...rest, ...shared }, body: '' }
}

function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some(each => {
    const text = each.trim()
    return text === '*' || text.replace(/^W\//, '') === etag
  })
}
