// Bodies of writes: JSON, YAML and protobuf as JSON values.
import { Buffer } from 'node:buffer'
import { goSyntaxError } from '../../api/go-json-syntax.ts'
import { isJsonObject, isRawNumber, type JsonValue, parseSentJson } from '../../api/json.ts'
import { parseApiVersion } from '../../api/objects.ts'
import { badRequest, unsupportedMediaType } from '../../api/status-error.ts'
import { typeMetaProblem, unrecognized } from '../registry/body-checks.ts'
import { findDuplicateFields, findDuplicateLines } from './duplicate-fields.ts'
import type { ApiRequest } from './exchange.ts'
import { bareType, servedTypes } from './media-type.ts'
import { jsonType, protobufType, yamlType } from './responses.ts'

/** What the body shall be; custom kinds have no decoder that would know their kind. */
export interface ExpectedBody {
  readonly kind: string
  readonly isCustom?: boolean
}

export interface DecodedBody {
  readonly body: JsonValue
  /** Paths of JSON members that are there twice. */
  readonly duplicateFields: readonly string[]
  /** The same of YAML, as Go's parser says it: `line 3: key "a" already set in map`. */
  readonly duplicateLines: readonly string[]
}

export async function decodeBody(request: ApiRequest, expected: ExpectedBody): Promise<JsonValue> {
  return (await decodeWithDuplicates(request, expected)).body
}

/** Throws StatusError 400 or 415. */
export async function decodeWithDuplicates(request: ApiRequest, expected: ExpectedBody): Promise<DecodedBody> {
  const bytes = await request.body()
  const type = bodyTypeOf(request)
  if (type === protobufType) {
    const { decodeProtobuf, protobufProblem } = await import('./protobuf/decode.ts')
    const problem = protobufProblem(bytes)
    if (problem !== '') throw unrecognized(expected, problem, bytes)
    return { body: decodeProtobuf(bytes), duplicateFields: [], duplicateLines: [] }
  }
  const text = textOf(bytes)
  const decoded = type === yamlType ? await decodeYaml(text) : decodeJson(text)
  if (typeof decoded === 'string') throw unrecognized(expected, decoded, bytes)
  const body = decoded.body === null && expected.isCustom !== true ? {} : decoded.body
  const problem = bodyProblem(body, expected)
  if (problem !== '') throw unrecognized(expected, problem, bytes)
  const endless = endlessNumber(text, body)
  if (endless !== '')
    throw badRequest(
      `${expected.kind} in version "${versionIn(body)}" cannot be handled as a ${expected.kind}: ${endless}`,
    )
  return { ...decoded, body }
}

/** curl's default for -d; kube-apiserver takes it for JSON only when there is no type at all. */
function bodyTypeOf(request: ApiRequest): string {
  const given = request.headers['content-type'] ?? ''
  const type = given === '' ? jsonType : bareType(given)
  if (!servedTypes.includes(type)) throw unsupportedMediaType(servedTypes)
  return type
}

/** What Go says of a value that is no object of a known version; '' of others. */
function bodyProblem(body: JsonValue, { isCustom = false }: ExpectedBody): string {
  if (!isCustom) return typeMetaProblem(body)
  const problem = body === null ? '' : typeMetaProblem(body)
  const hasKind = isJsonObject(body) && body.kind !== undefined && body.kind !== ''
  return problem === '' && !hasKind ? `Object 'Kind' is missing in '${JSON.stringify(body)}'` : problem
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function versionIn(body: JsonValue): string {
  const { apiVersion } = isJsonObject(body) ? body : {}
  return typeof apiVersion === 'string' ? parseApiVersion(apiVersion).version : ''
}

/** What Go says of a number beyond its floats, which no client of it could read; '' without one. */
export function endlessNumber(text: string, body: JsonValue): string {
  if (!/\d[eE]\+?\d{3}|\d{309}/.test(text)) return ''
  let found = ''
  JSON.stringify(body, (_key, value) => {
    if (isRawNumber(value) && !Number.isFinite(Number(value.rawJSON))) found ||= value.rawJSON
    return value
  })
  return found === '' ? '' : `json: cannot unmarshal number ${found} into Go value of type float64`
}

/** A text is what Go says of what is no JSON. */
function decodeJson(text: string): DecodedBody | string {
  try {
    const body = parseSentJson(text)
    const duplicateFields = mayHaveDuplicates(text, body) ? findDuplicateFields(text) : []
    return { body, duplicateFields, duplicateLines: [] }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return `couldn't get version/kind; json parse error: ${goSyntaxError(text)}`
  }
}

/** Looking for duplicates reads the text once more; a text that is as long as what it says has none. */
export function mayHaveDuplicates(text: string, body: JsonValue): boolean {
  return JSON.stringify(body).length !== text.trimEnd().length
}

/** A text is what the parser says of what is no YAML. */
export async function decodeYaml(text: string): Promise<DecodedBody | string> {
  if (/^\s*[{[]/.test(text)) {
    // Most YAML is JSON, which is read faster; what is not is for the other parser.
    try {
      const body = parseSentJson(text)
      const duplicateLines = mayHaveDuplicates(text, body) ? findDuplicateLines(text) : []
      return { body, duplicateFields: [], duplicateLines }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  const { parseYamlText } = await import('./yaml-text.ts')
  return parseYamlText(text)
}

/** Throws StatusError 400. */
export async function decodeApplied(text: string): Promise<DecodedBody> {
  const decoded = await decodeYaml(text)
  if (typeof decoded === 'string') throw badRequest(`error decoding YAML: error converting YAML to JSON: ${decoded}`)
  return decoded
}
