// What form an answer takes (Accept) and a body has (Content-Type). The first clause we can serve wins.
import { notAcceptable } from '../../api/status-error.ts'
import { jsonType, protobufType, yamlType } from './responses.ts'

export type ObjectForm = 'whole' | 'table' | 'metadata'

export interface Accepted {
  readonly format: 'json' | 'yaml'
  readonly form: ObjectForm
  /** v1 or v1beta1, of Table and PartialObjectMetadata. */
  readonly metaVersion: string
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

export function negotiate(accept: string | undefined): Accepted {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === jsonType) return wholeJson
  let accepted = known.get(accept)
  if (!accepted) {
    accepted = choose(parseAccept(accept))
    if (known.size >= knownMax) known.clear()
    known.set(accept, accepted)
  }
  return accepted
}

function choose(clauses: readonly Clause[]): Accepted {
  for (const { type, parameters } of clauses) {
    const format = formatOf(type)
    if (format === undefined) continue
    const { as, g, v = 'v1' } = parameters
    if (as === undefined) return { ...wholeJson, format }
    const form = Object.hasOwn(forms, as) ? forms[as] : undefined
    if (form !== undefined && g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1'))
      return { format, form, metaVersion: v }
  }
  throw notAcceptable(servedTypes)
}

function formatOf(type: string): 'json' | 'yaml' | undefined {
  if (type === jsonType || type === '*/*' || type === 'application/*') return 'json'
  return type === yamlType ? 'yaml' : undefined
}

export function parseAccept(accept: string): Clause[] {
  return accept.split(',').map(text => {
    const [type = '', ...parameters] = text.split(';').map(part => part.trim())
    return {
      type: type.toLowerCase(),
      parameters: Object.fromEntries(
        parameters.map(parameter => {
          const [name = '', value = ''] = parameter.split('=')
          return [name.trim(), value.trim()]
        }),
      ),
    }
  })
}

/** The media type without its parameters. */
export function bareType(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
