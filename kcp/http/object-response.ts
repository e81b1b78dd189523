// Answers with one object or a list, in the form the client asked for. Whole objects are copied, not parsed.
import { Buffer } from 'node:buffer'
import type { JsonObject } from '../../api/json.ts'
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { failure, type StatusError } from '../../api/status-error.ts'
import { internalPackage } from '../registry/body-checks.ts'
import type { ListedObjects } from '../registry/list.ts'
import type { ResourceType } from '../registry/resource.ts'
import { parseObject, type StoredObject, serveAll, serveObject } from '../registry/stored-object.ts'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import { type Accepted, negotiate } from './media-type.ts'
import { includeObjectOf, metadataOnly, table, tableRow } from './object-forms.ts'
import { bytesResponse, jsonResponse, jsonType, protobufType } from './responses.ts'
import { yamlResponse } from './yaml-response.ts'

export interface View {
  readonly type: ResourceType
  readonly accepted: Accepted
  readonly request: ApiRequest
  readonly now: Date
}

export function viewOf(type: ResourceType, request: ApiRequest, now: Date): View {
  return { type, request, now, accepted: negotiate(request.headers.accept, hasProtobuf(type)) }
}

/** Kubernetes' own kinds. */
function hasProtobuf({ origin }: ResourceType): boolean {
  return origin === 'native'
}

export async function objectResponse(status: number, view: View, stored: StoredObject): Promise<ApiResponse> {
  const { type, accepted, request, now } = view
  if (accepted.form === 'whole') {
    if (accepted.format === 'json') return bytesResponse(status, serveObject(type, stored))
    return encoded(status, accepted, parseObject(type, stored))
  }
  if (accepted.form === 'metadata') {
    if (accepted.isOfList) throw notOfObject(type)
    return encoded(status, accepted, metadataOnly(stored, accepted.metaVersion, false))
  }
  const style = { type, metaVersion: accepted.metaVersion, include: includeObjectOf(request.query), now }
  const metadata = { resourceVersion: String(stored.revision) }
  return encoded(status, accepted, table([tableRow(stored, style)], style, metadata))
}

export async function listResponse(view: View, listed: ListedObjects): Promise<ApiResponse> {
  const { type, accepted, request, now } = view
  const metadata = listMetadata(view, listed)
  if (accepted.form === 'whole') {
    if (accepted.format === 'json') return wholeList(type, listed, metadata)
    const items = listed.items.map(stored => itemOf(type, parseObject(type, stored)))
    return encoded(200, accepted, { apiVersion: apiVersionOf(type), kind: type.listKind, metadata, items })
  }
  const { metaVersion } = accepted
  if (accepted.form === 'metadata') {
    if (!accepted.isOfList) throw notOfList(type)
    const items = listed.items.map(stored => metadataOnly(stored, metaVersion, request.cluster === '*'))
    const apiVersion = `meta.k8s.io/${metaVersion}`
    return encoded(200, accepted, { kind: 'PartialObjectMetadataList', apiVersion, metadata, items })
  }
  const style = { type, metaVersion, include: includeObjectOf(request.query), now }
  return encoded(
    200,
    accepted,
    table(
      listed.items.map(stored => tableRow(stored, style)),
      style,
      metadata,
    ),
  )
}

/** Items of native lists do not repeat apiVersion and kind, as in `serveAll`. */
function itemOf(type: ResourceType, object: KubeObject): object {
  if (type.origin !== 'native') return object
  const { apiVersion: _, kind: __, ...item } = object
  return item
}

/** Lists of whole custom resources always have `continue`; others leave it out when there is no more. */
function listMetadata({ type, accepted }: View, listed: ListedObjects): object {
  const hasContinue = listed.continue !== '' || (type.origin !== 'native' && accepted.form === 'whole')
  return {
    resourceVersion: String(listed.revision),
    ...(hasContinue ? { continue: listed.continue } : {}),
    ...(listed.remaining ? { remainingItemCount: listed.remaining } : {}),
  }
}

/** As Go names the type of what it would have to show so. */
function notOfList(type: ResourceType): StatusError {
  const goType =
    type.origin === 'native' ? `${internalPackage(type)}.${type.listKind}` : 'unstructured.UnstructuredList'
  const text = `you requested PartialObjectMetadata, but the requested object is a list (*${goType})`
  return failure(406, 'NotAcceptable', text)
}

function notOfObject(type: ResourceType): StatusError {
  if (type.origin !== 'native') return failure(500, '', 'content is not a list')
  return notListed(`${internalPackage(type)}.${type.kind}`)
}

function notListed(goType: string): StatusError {
  const text = `you requested PartialObjectMetadataList, but the requested object is not a list (*${goType})`
  return failure(406, 'NotAcceptable', text)
}

/** What an answer holds that is no stored object, such as a Scale. */
export function valueResponse(
  status: number,
  { accepted, request, type, now }: View,
  value: KubeObject,
): ApiResponse | Promise<ApiResponse> {
  if (accepted.form === 'whole')
    return accepted.format === 'yaml' ? yamlResponse(status, value) : jsonResponse(status, value)
  const { metaVersion } = accepted
  const partial = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: value.metadata }
  if (accepted.form === 'metadata' && accepted.isOfList) throw notListed(`v1.${String(value.kind)}`)
  if (accepted.form === 'metadata') return encoded(status, accepted, partial)
  const include = includeObjectOf(request.query)
  const style = { type, metaVersion, include, now }
  const object = include === 'None' ? null : include === 'Object' ? value : partial
  const row = { cells: type.table.cells(value, now), object }
  return encoded(status, accepted, table([row], style, { resourceVersion: value.metadata.resourceVersion }))
}

function encoded(status: number, { format }: Accepted, value: object): ApiResponse | Promise<ApiResponse> {
  if (format === 'protobuf') return protobufResponse(status, value)
  return format === 'yaml' ? yamlResponse(status, value) : jsonResponse(status, value)
}

async function protobufResponse(status: number, value: object): Promise<ApiResponse> {
  const { encodeProtobuf } = await import('./protobuf/encode.ts')
  return { status, headers: { 'content-type': protobufType }, body: encodeProtobuf(value as JsonObject) }
}

function wholeList(type: ResourceType, listed: ListedObjects, metadata: object): ApiResponse {
  const start = { apiVersion: apiVersionOf(type), kind: type.listKind, metadata }
  const before = Buffer.from(`${JSON.stringify(start).slice(0, -1)},"items":[`)
  const pieces = serveAll(type, listed.items)
  return { status: 200, headers: { 'content-type': jsonType }, body: [before, ...pieces, listEnd] }
}

const listEnd = Buffer.from(']}\n')
