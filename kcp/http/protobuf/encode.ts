// JSON values in Kubernetes' protobuf encoding. Members that are absent stay absent: Go reads them as zero. Messages are
// written from their end to their start, so that every length is known when it is due.
import { Buffer } from 'node:buffer'
import { getOwn, isJsonObject, isRawNumber, type JsonObject, type JsonValue } from '../../../api/json.ts'
import { durationNanoseconds } from './duration.ts'
import { type Field, magic, messageOf, messages, schemaMessage } from './messages.ts'

/** An object, or a list of objects, with the prefix and the envelope that name its kind; the kind has a message. */
export function encodeProtobuf(value: JsonObject): Uint8Array {
  const [apiVersion, kind] = [String(value.apiVersion), String(value.kind)]
  const writer = createWriter()
  if (Array.isArray(value.items)) writeList(writer, value, requiredMessage(apiVersion, kind.slice(0, -'List'.length)))
  else writeMessage(writer, value, requiredMessage(apiVersion, kind))
  return finish(writer, apiVersion, kind)
}

/** All lists have metadata as field 1 and items as field 2. */
function writeList(writer: Writer, { metadata, items }: JsonObject, message: string): void {
  const list = Array.isArray(items) ? items.filter(isJsonObject) : []
  for (const item of list.reverse()) writeDelimited(writer, 2, () => writeMessage(writer, item, message))
  const listMetadata = isJsonObject(metadata) ? metadata : {}
  writeDelimited(writer, 1, () => writeMessage(writer, listMetadata, requiredMessage('v1', 'ListMeta')))
}

/** A frame of a watch stream: its length in four bytes, then a WatchEvent around the encoded object. */
export function encodeWatchFrame(type: string, object: Uint8Array): Uint8Array {
  const writer = createWriter()
  writeDelimited(writer, 2, () => writeDelimited(writer, 1, () => writeBytes(writer, object)))
  writeDelimited(writer, 1, () => writeText(writer, type))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(writer.bytes.length - writer.start)
  writeBytes(writer, length)
  return written(writer)
}

function requiredMessage(apiVersion: string, kind: string): string {
  const message = messageOf(apiVersion, kind)
  if (message === undefined) throw new Error(`no protobuf message for ${apiVersion} ${kind}`)
  return message
}

function finish(writer: Writer, apiVersion: string, kind: string): Uint8Array {
  // contentEncoding and contentType are there, and empty.
  const raw = writer.bytes.length - writer.start
  writeVarint(writer, raw)
  writeVarint(writer, tagOf(2, delimited))
  writeDelimited(writer, 1, () => {
    writeDelimited(writer, 2, () => writeText(writer, kind))
    writeDelimited(writer, 1, () => writeText(writer, apiVersion))
  })
  writeBytes(writer, magic)
  const trailer = Buffer.from([tagOf(3, delimited), 0, tagOf(4, delimited), 0])
  return Buffer.concat([written(writer), trailer])
}

interface Writer {
  bytes: Buffer
  /** Everything from here on is written. */
  start: number
}

const delimited = 2
const bytesAtFirst = 1024

function createWriter(): Writer {
  return { bytes: Buffer.allocUnsafe(bytesAtFirst), start: bytesAtFirst }
}

function written({ bytes, start }: Writer): Buffer {
  return bytes.subarray(start)
}

function reserve(writer: Writer, count: number): void {
  if (writer.start < count) {
    const used = writer.bytes.length - writer.start
    const larger = Buffer.allocUnsafe(Math.max(2 * writer.bytes.length, used + count))
    writer.bytes.copy(larger, larger.length - used, writer.start)
    writer.bytes = larger
    writer.start = larger.length - used
  }
  writer.start -= count
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  reserve(writer, bytes.length)
  writer.bytes.set(bytes, writer.start)
}

function writeText(writer: Writer, text: string): void {
  reserve(writer, Buffer.byteLength(text))
  writer.bytes.write(text, writer.start)
}

const tagOf = (number: number, wireType: number): number => number * 8 + wireType

/** Of a whole number from 0 on; negative ones and those beyond 2^53 are two's complements of 64 bits. */
function writeVarint(writer: Writer, value: number | bigint): void {
  const digits: number[] = []
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128)
    digits.push(rest)
  } else {
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest >= 128n; rest >>= 7n) digits.push(Number(rest & 127n) + 128)
    digits.push(Number(rest))
  }
  reserve(writer, digits.length)
  writer.bytes.set(digits, writer.start)
}

function writeDelimited(writer: Writer, number: number, writeContent: () => void): void {
  const before = writer.bytes.length - writer.start
  writeContent()
  writeVarint(writer, writer.bytes.length - writer.start - before)
  writeVarint(writer, tagOf(number, delimited))
}

/** Fields of a message from the last number to the first. */
const descending = new Map<string, readonly Field[]>()

function fieldsOf(message: string): readonly Field[] {
  let fields = descending.get(message)
  if (!fields) {
    fields = [...(messages[message] ?? [])].sort(([a], [b]) => b - a)
    descending.set(message, fields)
  }
  return fields
}

function writeMessage(writer: Writer, object: JsonObject, message: string): void {
  for (const [number, name, type] of fieldsOf(message)) {
    if (name === '') {
      writeDelimited(writer, number, () => writeMessage(writer, object, type))
      continue
    }
    const value = getOwn(object, name)
    if (value !== undefined && value !== null) writeField(writer, number, { type, value })
  }
}

interface Typed {
  readonly type: string
  readonly value: JsonValue
}

function writeField(writer: Writer, number: number, { type, value }: Typed): void {
  if (type.startsWith('[]')) {
    const items = Array.isArray(value) ? value : []
    for (let index = items.length - 1; index >= 0; index--) {
      writeValue(writer, number, { type: type.slice(2), value: items[index] ?? null })
    }
  } else if (type.startsWith('{}')) {
    writeMap(writer, number, { type: type.slice(2), value })
  } else {
    writeValue(writer, number, { type, value })
  }
}

function writeMap(writer: Writer, number: number, { type, value }: Typed): void {
  if (!isJsonObject(value)) return
  for (const key of Object.keys(value).sort().reverse()) {
    const member = getOwn(value, key) ?? null
    writeDelimited(writer, number, () => {
      writeValue(writer, 2, { type, value: member })
      writeDelimited(writer, 1, () => writeText(writer, key))
    })
  }
}

function writeValue(writer: Writer, number: number, { type, value }: Typed): void {
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined
  if (scalar) {
    scalar(writer, value)
    writeVarint(writer, tagOf(number, wireTypes[type] ?? delimited))
    return
  }
  const content = Object.hasOwn(contents, type) ? contents[type] : undefined
  writeDelimited(writer, number, () => {
    if (content) content(writer, value)
    else if (isJsonObject(value)) writeMessage(writer, value, type)
  })
}

type Write = (writer: Writer, value: JsonValue) => void

const wireTypes: Readonly<Record<string, number>> = { bool: 0, int: 0, float64: 1, float32: 5 }

const scalars: Readonly<Record<string, Write>> = {
  bool: (writer, value) => writeVarint(writer, value === true ? 1 : 0),
  int: (writer, value) => writeVarint(writer, integerOf(value)),
  float64(writer, value) {
    reserve(writer, 8)
    writer.bytes.writeDoubleLE(Number(textOf(value)), writer.start)
  },
  float32(writer, value) {
    reserve(writer, 4)
    writer.bytes.writeFloatLE(Number(textOf(value)), writer.start)
  },
}

const contents: Readonly<Record<string, Write>> = {
  string: (writer, value) => writeText(writer, textOf(value)),
  bytes: (writer, value) => writeBytes(writer, Buffer.from(textOf(value), 'base64')),
  time: (writer, value) => writeTime(writer, textOf(value)),
  microTime: (writer, value) => writeTime(writer, textOf(value)),
  duration: (writer, value) => writeInteger(writer, 1, durationNanoseconds(textOf(value))),
  quantity: (writer, value) => writeDelimited(writer, 1, () => writeText(writer, textOf(value))),
  intOrString(writer, value) {
    const isText = typeof value === 'string'
    writeDelimited(writer, 3, () => writeText(writer, isText ? value : ''))
    writeInteger(writer, 2, isText ? 0 : integerOf(value))
    writeInteger(writer, 1, isText ? 1 : 0)
  },
  items(writer, value) {
    for (const item of Array.isArray(value) ? [...value].reverse() : []) {
      writeDelimited(writer, 1, () => writeText(writer, textOf(item)))
    }
  },
  raw: (writer, value) => writeDelimited(writer, 1, () => writeText(writer, JSON.stringify(value))),
  schemaOrBool(writer, value) {
    if (isJsonObject(value)) writeDelimited(writer, 2, () => writeMessage(writer, value, schemaMessage))
    writeInteger(writer, 1, value === false ? 0 : 1)
  },
  schemaOrArray(writer, value) {
    if (Array.isArray(value)) writeField(writer, 2, { type: `[]${schemaMessage}`, value })
    else writeValue(writer, 1, { type: schemaMessage, value })
  },
  schemaOrTexts(writer, value) {
    if (Array.isArray(value)) writeField(writer, 2, { type: '[]string', value })
    else writeValue(writer, 1, { type: schemaMessage, value })
  },
}

function writeInteger(writer: Writer, number: number, value: number | bigint): void {
  writeVarint(writer, value)
  writeVarint(writer, tagOf(number, 0))
}

function writeTime(writer: Writer, text: string): void {
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? ''
  writeInteger(writer, 2, Number(fraction.padEnd(9, '0')))
  writeInteger(writer, 1, Math.floor(Date.parse(text) / 1000) || 0)
}

function textOf(value: JsonValue): string {
  if (isRawNumber(value)) return value.rawJSON
  return typeof value === 'object' ? '' : String(value)
}

function integerOf(value: JsonValue): number | bigint {
  const text = textOf(value)
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  return /^-?\d+$/.test(text) ? BigInt(text) : 0
}
