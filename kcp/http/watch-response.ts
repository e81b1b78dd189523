// The answer to a watch: what it asks for, and how events and bookmarks look in each form. The bytes of an event are
// made once for all its watchers.
import { Buffer } from 'node:buffer'
import { apiVersionOf } from '../../api/objects.ts'
import type { ObjectRange } from '../registry/keys.ts'
import type { ResourceType } from '../registry/resource.ts'
import { checkWatchOptions } from '../registry/resource-version.ts'
import type { Selection } from '../registry/selection.ts'
import { serveWrapped } from '../registry/stored-object.ts'
import type { ObjectWatch, WatchItem } from '../registry/watch.ts'
import type { StoreEvent } from '../storage/store.ts'
import type { ApiResponse } from './exchange.ts'
import { includeObjectOf, metadataOnly, table, tableRow } from './object-forms.ts'
import type { View } from './object-response.ts'
import { integerOf } from './read-options.ts'
import { isTrue } from './request-info.ts'
import { jsonType, protobufType } from './responses.ts'
import type { LineForm, WatchGroups } from './watch-group.ts'
import { WatchLines, type WatchRequest } from './watch-lines.ts'

const defaultTimeoutMsMin = 30 * 60_000

export function watchRequestOf(query: URLSearchParams, random: () => number): WatchRequest {
  const seconds = integerOf(query, 'timeoutSeconds') ?? 0
  checkWatchOptions(query)
  return {
    timeoutMs: seconds > 0 ? seconds * 1000 : defaultTimeoutMsMin * (1 + random()),
    bookmarks: query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1',
    sendsInitialState: sendsInitialStateOf(query) === true,
  }
}

/** Whether the client wants the present state first; undefined where it does not say. */
export function sendsInitialStateOf(query: URLSearchParams): boolean | undefined {
  const text = query.get('sendInitialEvents')
  return text === null ? undefined : isTrue(text)
}

export interface WatchStream {
  readonly view: View
  readonly request: WatchRequest
  readonly watch: ObjectWatch
  /** Where it finds others that want the same events. */
  readonly groups: WatchGroups
  readonly range: ObjectRange
  readonly selection: Selection
}

export function watchLines({ view, request, watch, groups, range, selection }: WatchStream): WatchLines {
  const { form, metaVersion } = view.accepted
  const { type, ...place } = range
  const lineForm = { encode: encoderOf(view), bookmark: bookmarkOf(view) }
  // The first event of a Table has the columns.
  if (form === 'table') return new WatchLines({ request, watch, form: lineForm })
  // All of what decides which events there are, and how they look.
  const key = { type, text: JSON.stringify([form, metaVersion, place, selection]) }
  return new WatchLines({ request, watch, form: lineForm, groups, key })
}

export async function watchResponse({ accepted }: View, body: WatchLines): Promise<ApiResponse> {
  if (accepted.format !== 'protobuf') return { status: 200, headers: { 'content-type': jsonType }, body }
  const { watchFrames } = await import('./protobuf/watch-frames.ts')
  return { status: 200, headers: { 'content-type': `${protobufType};stream=watch` }, body: watchFrames(body) }
}

/** All events of a batch in one piece. */
function encoderOf(view: View): LineForm['encode'] {
  return batchEncoder(view.accepted.form === 'whole' ? wholeEncoder(view.type) : formEncoder(view))
}

function wholeEncoder(type: ResourceType): (item: WatchItem) => Uint8Array {
  return item => wholeEvent(type, item)
}

function batchEncoder(encodeItem: (item: WatchItem) => Uint8Array): LineForm['encode'] {
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

function bookmarkOf({ type, accepted }: Pick<View, 'type' | 'accepted'>): LineForm['bookmark'] {
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
