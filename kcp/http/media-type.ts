// What form an answer takes (Accept) and a body has (Content-Type). The first clause we can serve wins.
import { failure, notAcceptable } from '../../api/status-error.ts'
import { jsonType, protobufType, yamlType } from './responses.ts'

export type ObjectForm = 'whole' | 'table' | 'metadata'

export type Format = 'json' | 'yaml' | 'protobuf'

export interface Accepted {
  readonly format: Format
  readonly form: ObjectForm
  /** v1 or v1beta1, of Table and PartialObjectMetadata. */
  readonly metaVersion: string
  /** PartialObjectMetadata: of a list. */
  readonly isOfList?: boolean
}

interface Clause {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
}

export const servedTypes = [jsonType, yamlType, protobufType]

const wholeJson: Accepted = { format: 'json', form: 'whole', metaVersion: 'v1' }
const forms: Readonly<Record<string, ObjectForm>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
}

/** Clients send few different headers; they are parsed once. */
const known = new Map<string, Accepted>()
const knownMax = 200

/** `hasProtobuf`: the whole object has a protobuf message. Metadata always has one, a Table never. */
export function negotiate(accept: string | undefined, hasProtobuf = false): Accepted {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === jsonType) return wholeJson
  const key = hasProtobuf ? `protobuf ${accept}` : accept
  let accepted = known.get(key)
  if (!accepted) {
    accepted = choose(parseAccept(accept), hasProtobuf)
    if (known.size >= knownMax) known.clear()
    known.set(key, accepted)
  }
  return accepted
}

/** What is never stored, such as a review, has no table. */
export function refuseTableOnly(accept: string | undefined): void {
  if (accept?.includes('as=Table'))
    choose(
      parseAccept(accept).filter(clause => clause.parameters.as !== 'Table'),
      true,
    )
}

function choose(clauses: readonly Clause[], hasProtobuf: boolean): Accepted {
  for (const { type, parameters } of clauses) {
    const format = formatOf(type)
    const form = formOf(parameters)
    if (format === undefined || form === undefined) continue
    const isWritable = form === 'whole' ? hasProtobuf : form === 'metadata'
    if (format === 'protobuf' && !isWritable) continue
    const isOfList = parameters.as === 'PartialObjectMetadataList'
    return { format, form, metaVersion: parameters.v ?? 'v1', ...(form === 'metadata' ? { isOfList } : {}) }
  }
  throw notAcceptable(servedTypes)
}

function formOf({ as, g, v = 'v1' }: Clause['parameters']): ObjectForm | undefined {
  if (as === undefined) return 'whole'
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined
  return Object.hasOwn(forms, as) ? forms[as] : undefined
}

function formatOf(type: string): Format | undefined {
  if (type === jsonType || type === '*/*' || type === 'application/*') return 'json'
  if (type === protobufType) return 'protobuf'
  return type === yamlType ? 'yaml' : undefined
}

/** In the order of their quality. */
export function parseAccept(accept: string): Clause[] {
  const clauses = accept.split(',').map(text => {
    const [type = '', ...parameters] = text.split(';').map(part => part.trim())
    return {
      type,
      parameters: Object.fromEntries(
        parameters.map(parameter => {
          const [name = '', value = ''] = parameter.split('=')
          return [name.trim(), value.trim()]
        }),
      ),
    }
  })
  return accept.includes('q=') ? clauses.sort((a, b) => qualityOf(b) - qualityOf(a)) : clauses
}

function qualityOf({ parameters }: Clause): number {
  const quality = Number(parameters.q ?? 1)
  return Number.isNaN(quality) ? 1 : quality
}

const watchTypes = [`${jsonType};stream=watch`, `${protobufType};stream=watch`]

/** Kubernetes' own types are behind a mux that compares types as they are written. Throws 406. */
export function requireServedType(accept: string | undefined, mayWatch: boolean): void {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === jsonType) return
  if (parseAccept(accept).some(({ type }) => type === '*/*' || servedTypes.includes(type))) return
  const available = mayWatch ? [...servedTypes, ...watchTypes] : servedTypes
  const message = `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`
  throw failure(406, 'NotAcceptable', message, {})
}

/** Nobody streams YAML. */
export function requireStreamed({ format }: Accepted): void {
  if (format === 'yaml') throw notAcceptable(watchTypes)
}

/** The media type without its parameters. */
export function bareType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
