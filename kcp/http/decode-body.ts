// Bodies of writes: JSON, YAML and protobuf as JSON values.
import { Buffer } from 'node:buffer'
import { type JsonValue, parseSentJson, rawNumber } from '../../api/json.ts'
import { badRequest, unsupportedMediaType } from '../../api/status-error.ts'
import { findDuplicateFields } from './duplicate-fields.ts'
import type { ApiRequest } from './exchange.ts'
import { bareType, servedTypes } from './media-type.ts'
import { jsonType, protobufType, yamlType } from './responses.ts'

/** `kind` is for messages only. */
export async function decodeBody(request: ApiRequest, kind: string): Promise<JsonValue> {
  return decodeBytes(await request.body(), bareType(request.headers['content-type']), kind)
}

export interface DecodedBody {
  readonly body: JsonValue
  readonly duplicateFields: readonly string[]
}

/** For clients that ask about duplicate members; only JSON texts can have them. */
export async function decodeWithDuplicates(request: ApiRequest, kind: string): Promise<DecodedBody> {
  const type = bareType(request.headers['content-type'])
  const bytes = await request.body()
  const body = await decodeBytes(bytes, type, kind)
  const isJson = type === '' || type === jsonType
  return { body, duplicateFields: isJson ? findDuplicateFields(textOf(bytes)) : [] }
}

async function decodeBytes(bytes: Uint8Array, type: string, kind: string): Promise<JsonValue> {
  if (type === yamlType) return parseYaml(textOf(bytes))
  if (type === protobufType) return (await import('./protobuf/decode.ts')).decodeProtobuf(bytes)
  // curl's default for -d; kube-apiserver takes it for JSON only when there is no type at all.
  if (type !== '' && type !== jsonType) throw unsupportedMediaType(servedTypes)
  return parseBody(textOf(bytes), kind)
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Throws StatusError 400. */
export async function parseYaml(text: string): Promise<JsonValue> {
  if (/^\s*[{[]/.test(text)) {
    // Most YAML is JSON, which is read faster; what is not is for the other parser.
    try {
      return parseSentJson(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  const yaml = await import('yaml')
  try {
    // Kubernetes reads YAML 1.1 through JSON: dates stay texts, and large integers keep their digits.
    const value: unknown = yaml.parse(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      customTags: tags => tags.filter(notDate),
      intAsBigInt: true,
    })
    return parseSentJson(JSON.stringify(value ?? null, withBigInts))
  } catch (error) {
    // ReferenceError: aliases that grow without end; RangeError: its parser calls itself for each level.
    if (!(error instanceof Error)) throw error
    throw badRequest(`error converting YAML to JSON: yaml: ${error.message}`)
  }
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawNumber(String(value)) : value
}

function notDate(tag: unknown): boolean {
  return !(typeof tag === 'object' && tag !== null && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp')
}

function parseBody(text: string, kind: string): JsonValue {
  try {
    return parseSentJson(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const found = text === '' ? 'unexpected end of JSON input (<empty>)' : error.message
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${found}`,
    )
  }
}
