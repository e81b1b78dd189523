// A watch as a stream of JSON lines: events, bookmarks every minute and before the end, errors as a last event. The
// bytes of an event are made once for all its watchers.
import { Buffer } from 'node:buffer'
import { apiVersionOf } from '../../api/objects.ts'
import type { ResourceType } from '../registry/resource.ts'
import { forbiddenListOption } from '../registry/resource-version.ts'
import { serveWrapped } from '../registry/stored-object.ts'
import type { ObjectWatch, WatchBatch, WatchItem } from '../registry/watch.ts'
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
  /** Ends the watch; fired by this stream at its timeout. */
  readonly end: AbortController
}

export async function watchResponse(stream: WatchStream): Promise<ApiResponse> {
  const body = lines(stream)
  if (stream.view.accepted.format !== 'protobuf') return { status: 200, headers: { 'content-type': jsonType }, body }
  const { watchFrames } = await import('./protobuf/watch-frames.ts')
  return { status: 200, headers: { 'content-type': `${protobufType};stream=watch` }, body: watchFrames(body) }
}

/** A plain iterator, for the same reason as the watch it reads: many watchers of the same events. */
function lines({ view, request, watch, end }: WatchStream): AsyncIterable<Uint8Array> {
  const encode = encoderOf(view)
  const batches = watch[Symbol.asyncIterator]()
  const timers = startTimers(request, { end: () => end.abort(), askForBookmark })
  let bookmarkDue = false
  let isEnded = false

  function askForBookmark(): void {
    bookmarkDue = true
    watch.requestProgress()
  }

  end.signal.addEventListener('abort', () => {
    for (const timer of timers) clearTimeout(timer)
  })

  function stop(): IteratorResult<Uint8Array, undefined> {
    isEnded = true
    end.abort()
    return { done: true, value: undefined }
  }

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (!isEnded) {
      try {
        const batch = await batches.next()
        if (batch.done) break
        const bytes = encodeBatch(batch.value)
        if (bytes) return { done: false, value: bytes }
      } catch (error) {
        stop()
        const { status } = asStatusError(error)
        return { done: false, value: Buffer.from(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`) }
      }
    }
    return stop()
  }

  function encodeBatch(batch: WatchBatch): Uint8Array | undefined {
    const events = batch.items.length > 0 ? encode(batch) : undefined
    const endsInitialState = request.sendsInitialState && batch.endsInitialState === true
    if (!endsInitialState && !bookmarkDue) return events
    bookmarkDue = false
    const mark = bookmark(view, batch.revision, endsInitialState)
    return events ? Buffer.concat([events, mark]) : mark
  }

  return { [Symbol.asyncIterator]: () => ({ next, return: async () => stop() }) }
}

function startTimers({ timeoutMs, bookmarks }: WatchRequest, actions: { end(): void; askForBookmark(): void }) {
  const timers = [setTimeout(actions.end, timeoutMs)]
  if (bookmarks) {
    const lastMs = timeoutMs - lastBookmarkMsBeforeEnd
    if (lastMs > 0) timers.push(setTimeout(actions.askForBookmark, lastMs))
    timers.push(setInterval(actions.askForBookmark, bookmarkEveryMs))
  }
  for (const timer of timers) timer.unref()
  return timers
}

/** All events of a batch in one piece. */
function encoderOf(view: View): (batch: WatchBatch) => Uint8Array {
  const { type, accepted } = view
  const encodeItem = accepted.form === 'whole' ? (item: WatchItem) => wholeEvent(type, item) : formEncoder(view)
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
  const form = item.type + type.version + type.group
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

function bookmark(view: View, revision: number, endsInitialState: boolean): Uint8Array {
  const { type, accepted } = view
  const annotations = endsInitialState ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  const metadata = { resourceVersion: String(revision), ...annotations }
  const isWhole = accepted.form === 'whole'
  const kind = isWhole ? type.kind : accepted.form === 'table' ? 'Table' : 'PartialObjectMetadata'
  const apiVersion = isWhole ? apiVersionOf(type) : `meta.k8s.io/${accepted.metaVersion}`
  const object =
    accepted.form === 'table'
      ? { kind, apiVersion, metadata, columnDefinitions: null, rows: [] }
      : { kind, apiVersion, metadata }
  return Buffer.from(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`)
}
