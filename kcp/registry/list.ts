// LIST of a range: the current state or a snapshot, in pages, with selectors.
import { expired, StatusError } from '../../api/status-error.ts'
import type { ListResult, Store } from '../storage/store.ts'
import { decodeContinue, encodeContinue } from './continue-token.ts'
import { type ObjectRange, prefixOf } from './keys.ts'
import { parseResourceVersion, parseVersionMatch, waitForRevision } from './resource-version.ts'
import { matchesStored, type Selection, selectedPrefix } from './selection.ts'
import { asReadError, isStoreError } from './storage-errors.ts'
import type { StoredObject } from './stored-object.ts'

export interface ListOptions {
  readonly selection: Selection
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
}

export interface ListedObjects {
  readonly items: readonly StoredObject[]
  readonly revision: number
  /** '' on the last page. */
  readonly continue: string
  /** Objects after this page; absent when selectors hide how many. */
  readonly remaining?: number
}

/** Objects read at a time where a selector drops some of them. */
const selectedPageMin = 500

export async function listObjects(store: Store, range: ObjectRange, options: ListOptions): Promise<ListedObjects> {
  const prefix = prefixOf(range)
  const page = await startOf(store, prefix, options)
  try {
    return await readPage(store, { range, prefix, selection: options.selection, ...page })
  } catch (error) {
    if (options.continue && isStoreError(error, 'Compacted')) throw lostSnapshot(store, page.start.slice(prefix.length))
    throw asReadError(error)
  }
}

interface PageStart {
  readonly start: string
  /** Reads the state as of this revision; the most recent when absent. */
  readonly revision?: number
  readonly limit: number
}

async function startOf(store: Store, prefix: string, options: ListOptions): Promise<PageStart> {
  const limit = Math.max(0, options.limit ?? 0)
  const match = parseVersionMatch(options)
  if (options.continue) {
    const { revision, start } = decodeContinue(options.continue)
    // rv -1: a list whose snapshot was lost goes on with the current state.
    return { start: prefix + start, limit, ...(revision > 0 ? { revision } : {}) }
  }
  const wanted = parseResourceVersion(options.resourceVersion)
  if (wanted === undefined) return { start: prefix, limit }
  if (wanted > store.revision) await waitForRevision(store, wanted)
  // A page of a named version is of exactly that one, unless the client says that a later one will do.
  const isExact = match === 'Exact' || (match === '' && limit > 0 && wanted > 0)
  if (isExact) return { start: prefix, revision: wanted, limit }
  // As a watch cache does: "anything cached" is answered whole, whatever the limit.
  return { start: prefix, limit: wanted === 0 ? 0 : limit }
}

interface Page extends PageStart {
  readonly range: ObjectRange
  readonly prefix: string
  readonly selection: Selection
}

async function readPage(store: Store, page: Page): Promise<ListedObjects> {
  const { range, selection, limit } = page
  const prefix = selectedPrefix(range, selection)
  if (!selection.active) {
    const result = await store.list(prefix, listOptions(page.start, limit, page.revision))
    return { ...pageOf(result.items, result, page), ...(limit > 0 ? { remaining: result.remaining } : {}) }
  }
  const items: StoredObject[] = []
  let { start, revision } = page
  for (;;) {
    const result = await store.list(
      prefix,
      listOptions(start, limit > 0 ? Math.max(limit, selectedPageMin) : 0, revision),
    )
    revision = result.revision
    for (const [index, stored] of result.items.entries()) {
      if (!matchesStored(selection, range.type, stored)) continue
      items.push(stored)
      const remaining = result.items.length - index - 1 + result.remaining
      if (items.length === limit) return pageOf(items, { revision, remaining }, page)
    }
    const last = result.items.at(-1)
    if (result.remaining === 0 || last === undefined) return pageOf(items, result, page)
    start = `${last.key}\0`
  }
}

function listOptions(start: string, limit: number, revision: number | undefined) {
  return { start, ...(limit > 0 ? { limit } : {}), ...(revision !== undefined ? { revision } : {}) }
}

function pageOf(
  items: readonly StoredObject[],
  end: Pick<ListResult, 'revision' | 'remaining'>,
  page: Page,
): ListedObjects {
  const last = items.at(-1)
  const isLast = end.remaining === 0 || last === undefined
  const start = isLast ? '' : `${last.key.slice(page.prefix.length)}\0`
  return { items, revision: end.revision, continue: isLast ? '' : encodeContinue({ revision: end.revision, start }) }
}

/** The answer carries a token that goes on at the same key in the current state. */
function lostSnapshot(store: Store, start: string): StatusError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  )
  const token = encodeContinue({ revision: store.revision, start })
  return new StatusError({ ...error.status, metadata: { continue: token } })
}
