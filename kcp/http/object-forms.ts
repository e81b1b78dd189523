// Objects in the forms a client may ask for: whole (copied bytes), a row of a Table, or metadata only.
import { apiVersionOf, type KubeObject } from '../../api/objects.ts'
import { badRequest } from '../../api/status-error.ts'
import type { ResourceType } from '../registry/resource.ts'
import { parseObject, parseStored, type StoredObject } from '../registry/stored-object.ts'

const originalApiVersionAnnotation = 'kcp.io/original-api-version'

export interface PartialObject {
  readonly kind: 'PartialObjectMetadata'
  readonly apiVersion: string
  readonly metadata: KubeObject['metadata']
}

/** `marksApiVersion`: in a wildcard answer an annotation tells which version the object really has. */
export function metadataOnly(stored: StoredObject, metaVersion: string, marksApiVersion: boolean): PartialObject {
  const { metadata, apiVersion } = parseStored(stored)
  if (marksApiVersion) metadata.annotations = { ...metadata.annotations, [originalApiVersionAnnotation]: apiVersion }
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata }
}

export type IncludeObject = 'None' | 'Metadata' | 'Object'

export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get('includeObject') ?? ''
  if (text === 'None' || text === 'Object') return text
  if (text === '' || text === 'Metadata') return 'Metadata'
  const problem = `includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`
  throw badRequest(`Unable to convert to Table as requested: ${problem}`)
}

export interface TableStyle {
  readonly type: ResourceType
  readonly metaVersion: string
  readonly include: IncludeObject
  readonly now: Date
}

export function tableRow(stored: StoredObject, style: TableStyle): object {
  const object = style.type.kept ? parseObject(style.type, stored) : parseStored(stored)
  object.apiVersion = apiVersionOf(style.type)
  const cells = style.type.table.cells(object, style.now)
  if (style.include === 'None') return { cells, object: null }
  const apiVersion = `meta.k8s.io/${style.metaVersion}`
  if (style.include === 'Object') return { cells, object: parseObject(style.type, stored) }
  return { cells, object: { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata } }
}

export function table(rows: readonly object[], style: TableStyle, metadata: object, withColumns = true): object {
  const { columns, nullRows } = style.type.table
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${style.metaVersion}`,
    metadata,
    columnDefinitions: withColumns ? columns : null,
    rows: rows.length === 0 && nullRows ? null : rows,
  }
}
