// Bodies of writes: JSON, YAML and protobuf as JSON values.
import { Buffer } from 'node:buffer'
import type { Document } from 'yaml'
import { type JsonValue, parseSentJson, rawNumber } from '../../api/json.ts'
import { badRequest, unsupportedMediaType } from '../../api/status-error.ts'
import { duplicateLine, findDuplicateFields, findDuplicateLines } from './duplicate-fields.ts'
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
  readonly duplicateLines: readonly string[]
}

/** For clients that ask about duplicate members; only JSON texts can have them. */
export async function decodeWithDuplicates(request: ApiRequest, kind: string): Promise<DecodedBody> {
  const type = bareType(request.headers['content-type'])
  const bytes = await request.body()
  if (type === yamlType) {
    const { value, duplicateLines } = await parseYaml(textOf(bytes))
    return { body: value, duplicateFields: [], duplicateLines: duplicateLines() }
  }
  const body = await decodeBytes(bytes, type, kind)
  const isJson = type === '' || type === jsonType
  return { body, duplicateFields: isJson ? findDuplicateFields(textOf(bytes)) : [], duplicateLines: [] }
}

async function decodeBytes(bytes: Uint8Array, type: string, kind: string): Promise<JsonValue> {
  if (type === yamlType) return (await parseYaml(textOf(bytes))).value
  if (type === protobufType) return (await import('./protobuf/decode.ts')).decodeProtobuf(bytes)
  // curl's default for -d; kube-apiserver takes it for JSON only when there is no type at all.
  if (type !== '' && type !== jsonType) throw unsupportedMediaType(servedTypes)
  return parseBody(textOf(bytes), kind)
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

export interface ParsedYaml {
  /** Of a key that is there twice the last value counts. */
  readonly value: JsonValue
  /** Such as `line 7: key "a" already set in map`. */
  duplicateLines(): readonly string[]
}

/** Throws StatusError 400. */
export async function parseYaml(text: string): Promise<ParsedYaml> {
  if (/^\s*[{[]/.test(text)) {
    // Most YAML is JSON, which is read faster; what is not is for the other parser.
    try {
      return { value: parseSentJson(text), duplicateLines: () => findDuplicateLines(text) }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  const yaml = await import('yaml')
  try {
    // Kubernetes reads YAML 1.1 through JSON: dates stay texts, and large integers keep their digits.
    const lines = new yaml.LineCounter()
    const document = yaml.parseDocument(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      customTags: tags => tags.filter(notDate),
      intAsBigInt: true,
      uniqueKeys: false,
      lineCounter: lines,
    })
    const [problem] = document.errors
    if (problem) throw problem
    const value: unknown = document.toJS()
    const lineAt = (offset: number) => lines.linePos(offset).line
    return {
      value: parseSentJson(JSON.stringify(value ?? null, withBigInts)),
      duplicateLines: () => duplicateKeys(yaml, document, lineAt),
    }
  } catch (error) {
    // ReferenceError: aliases that grow without end; RangeError: its parser calls itself for each level.
    if (!(error instanceof Error)) throw error
    throw badRequest(`error converting YAML to JSON: yaml: ${error.message}`)
  }
}

function duplicateKeys(
  { visit, isScalar }: typeof import('yaml'),
  document: Document,
  lineAt: (offset: number) => number,
): string[] {
  const found: string[] = []
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (names.has(name)) found.push(duplicateLine(name, lineAt(key.range?.[0] ?? 0)))
        names.add(name)
      }
    },
  })
  return found
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
