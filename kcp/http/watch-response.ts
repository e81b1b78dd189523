// A watch as a stream of JSON lines: events, bookmarks every minute and before the end, errors as a last event. The
// bytes of an event are made once for all its watchers.
import { Buffer } from 'node:buffer'
import { apiVersionOf } from '../../api/objects.ts'
import type { ResourceType } from '../registry/resource.ts'
import { forbiddenListOption } from '../registry/resource-version.ts'
import { serveWrapped } from '../registry/stored-object.ts'
import type { ObjectWatch, WatchBatch, WatchItem } from '../registry/watch.ts'
import { type Feed, feedIterator } from '../storage/feed.ts'
import type { StoreEvent } from '../storage/store.ts'
import type { ApiResponse } from './exchange.ts'
import { includeObjectOf, metadataOnly, table, tableRow } from './object-forms.ts'
import type { View } from './object-response.ts'
import { integerOf } from './read-options.ts'
import { asStatusError, jsonType, protobufType } from './responses.ts'

export interface WatchRequest {
  readonly timeoutMs: number
  readonly bookmarks: boolean
  readonly sendsInitialState: boolean
}

const defaultTimeoutMsMin = 30 * 60_000

export function watchRequestOf(query: URLSearchParams, random: () => number): WatchRequest {
  const seconds = integerOf(query, 'timeoutSeconds') ?? 0
  const sendsInitialState = query.get('sendInitialEvents') === 'true'
  if (query.has('sendInitialEvents') && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw forbiddenListOption('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
  }
  if (!sendsInitialState && query.get('resourceVersionMatch')) {
    throw forbiddenListOption('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')
  }
  return {
    timeoutMs: seconds > 0 ? seconds * 1000 : defaultTimeoutMsMin * (1 + random()),
    bookmarks: query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1',
    sendsInitialState,
  }
}

const bookmarkEveryMs = 60_000
const lastBookmarkMsBeforeEnd = 2000

export interface WatchStream {
  readonly view: View
  readonly request: WatchRequest
  readonly watch: ObjectWatch
  /** Told once, when the watch has ended for whatever reason. */
  ended(): void
}

export async function watchResponse(stream: WatchStream): Promise<ApiResponse> {
  const body = lines(stream)
  if (stream.view.accepted.format !== 'protobuf') return { status: 200, headers: { 'content-type': jsonType }, body }
  const { watchFrames } = await import('./protobuf/watch-frames.ts')
  return { status: 200, headers: { 'content-type': `${protobufType};stream=watch` }, body: watchFrames(body) }
}

/** What is kept of a request as long as its watch lasts is kept a thousand times: only what lines are made of. */
function lines({ view, request, watch, ended }: WatchStream): Feed<Uint8Array> {
  return createLines({ encode: encoderOf(view), mark: bookmarkOf(view), request, watch, ended })
}

interface LinesParts extends Pick<WatchStream, 'request' | 'watch' | 'ended'> {
  encode(batch: WatchBatch): Uint8Array
  mark(revision: number, endsInitialState: boolean): Uint8Array
}

function createLines({ encode, mark, request, watch, ended }: LinesParts): Feed<Uint8Array> {
  let bookmarkDue = false
  let failed = false
  let isOver = false
  let wake: (() => void) | undefined
  const timer = startTimer(request, {
    end: watch.close,
    askForBookmark() {
      bookmarkDue = true
      watch.requestProgress()
    },
  })

  function finish(): void {
    if (isOver) return
    isOver = true
    timer.stop()
    ended()
  }

  /** Also where nobody takes any more. */
  function ready(): void {
    if (watch.isOver()) finish()
    wake?.()
  }
  watch.onReady(ready)
  if (watch.isOver()) finish()

  function encodeBatch(batch: WatchBatch): Uint8Array | undefined {
    const events = batch.items.length > 0 ? encode(batch) : undefined
    const endsInitialState = request.sendsInitialState && batch.endsInitialState === true
    if (!endsInitialState && !bookmarkDue) return events
    bookmarkDue = false
    const last = mark(batch.revision, endsInitialState)
    return events ? Buffer.concat([events, last]) : last
  }

  function take(): Uint8Array | undefined {
    if (failed) return undefined
    try {
      for (let batch = watch.take(); batch; batch = watch.take()) {
        const bytes = encodeBatch(batch)
        if (bytes) return bytes
      }
    } catch (error) {
      failed = true
      watch.close()
      const { status } = asStatusError(error)
      return Buffer.from(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`)
    }
    return undefined
  }

  const feed: Feed<Uint8Array> = {
    take,
    isOver: watch.isOver,
    onReady(callback) {
      wake = callback
    },
    close: watch.close,
    [Symbol.asyncIterator]: () => feedIterator(feed),
  }
  return feed
}

/** One timer a watch: for its next bookmark, the one before its end, or its end. */
function startTimer({ timeoutMs, bookmarks }: WatchRequest, actions: { end(): void; askForBookmark(): void }) {
  const lastBookmarkMs = bookmarks ? timeoutMs - lastBookmarkMsBeforeEnd : 0
  let atMs = 0
  let timer = startNext()

  function startNext(): NodeJS.Timeout {
    const regular = bookmarks ? atMs - (atMs % bookmarkEveryMs) + bookmarkEveryMs : timeoutMs
    const last = atMs < lastBookmarkMs ? lastBookmarkMs : timeoutMs
    const nextMs = Math.min(regular, last, timeoutMs)
    const next = setTimeout(fire, nextMs - atMs)
    atMs = nextMs
    return next.unref()
  }

  function fire(): void {
    if (atMs >= timeoutMs) {
      actions.end()
      return
    }
    timer = startNext()
    actions.askForBookmark()
  }
  return { stop: () => clearTimeout(timer) }
}

/** All events of a batch in one piece. */
function encoderOf(view: View): LinesParts['encode'] {
  return batchEncoder(view.accepted.form === 'whole' ? wholeEncoder(view.type) : formEncoder(view))
}

function wholeEncoder(type: ResourceType): (item: WatchItem) => Uint8Array {
  return item => wholeEvent(type, item)
}

function batchEncoder(encodeItem: (item: WatchItem) => Uint8Array): LinesParts['encode'] {
  return ({ items }) => {
    const [only] = items
    return items.length === 1 && only ? encodeItem(only) : Buffer.concat(items.map(encodeItem))
  }
}

/** Per event and then per kind of event and served version. */
const encodedEvents = new WeakMap<StoreEvent, Map<string, Uint8Array>>()

function wholeEvent(type: ResourceType, item: WatchItem): Uint8Array {
  const { event } = item
  if (!event) return encodeWhole(type, item)
  let forms = encodedEvents.get(event)
  if (!forms) {
    forms = new Map()
    encodedEvents.set(event, forms)
  }
  const form = item.type + type.version + type.group + (type.kept?.id ?? '')
  let bytes = forms.get(form)
  if (!bytes) {
    bytes = encodeWhole(type, item)
    forms.set(form, bytes)
  }
  return bytes
}

function encodeWhole(type: ResourceType, { type: eventType, stored }: WatchItem): Uint8Array {
  return serveWrapped(type, stored, `{"type":"${eventType}","object":`, '}\n')
}

function formEncoder(view: View): (item: WatchItem) => Uint8Array {
  const { type, accepted, request, now } = view
  const { metaVersion } = accepted
  const style = { type, metaVersion, include: includeObjectOf(request.query), now }
  let isFirst = true
  const objectOf = ({ stored }: WatchItem): object => {
    if (accepted.form === 'metadata') return metadataOnly(stored, metaVersion, request.cluster === '*')
    const withColumns = isFirst
    isFirst = false
    return table([tableRow(stored, style)], style, { resourceVersion: String(stored.revision) }, withColumns)
  }
  return item => Buffer.from(`{"type":"${item.type}","object":${JSON.stringify(objectOf(item))}}\n`)
}

function bookmarkOf({ type, accepted }: Pick<View, 'type' | 'accepted'>): LinesParts['mark'] {
  const { form, metaVersion } = accepted
  const kind = form === 'whole' ? type.kind : form === 'table' ? 'Table' : 'PartialObjectMetadata'
  return (revision, endsInitialState) => {
    const annotations = endsInitialState ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
    const metadata = { resourceVersion: String(revision), ...annotations }
    const apiVersion = form === 'whole' ? apiVersionOf(type) : `meta.k8s.io/${metaVersion}`
    const rows = form === 'table' ? { columnDefinitions: null, rows: [] } : {}
    const object = { kind, apiVersion, metadata, ...rows }
    return Buffer.from(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`)
  }
}
