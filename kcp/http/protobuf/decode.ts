// Bodies in Kubernetes' protobuf encoding as JSON values: kubectl from 1.32 on writes built-in kinds so, and never tries
// again in JSON. Zero values are left out where Go's JSON leaves them out.
import { Buffer } from 'node:buffer'
import { type JsonObject, type JsonValue, parseJson, rawNumber, setOwn } from '../../../api/json.ts'
import { badRequest } from '../../../api/status-error.ts'
import { type Field, magic, messageOf, messages, schemaMessage } from './messages.ts'

const nestingMax = 100

/** Throws StatusError 400 for bytes that are no object of a known kind. */
/** Empty for what starts as a message. */
export function protobufProblem(bytes: Uint8Array): string {
  const isMessage = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .subarray(0, magic.length)
    .equals(magic)
  const prefix = `[${[...magic].join(' ')}]`
  return isMessage ? '' : `provided data does not appear to be a protobuf message, expected prefix ${prefix}`
}

export function decodeProtobuf(bytes: Uint8Array): JsonValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const envelope = fieldsOf(buffer.subarray(magic.length))
  const typeMeta = fieldsOf(bytesAt(envelope, 1))
  const [apiVersion, kind] = [bytesAt(typeMeta, 1).toString(), bytesAt(typeMeta, 2).toString()]
  const message = messageOf(apiVersion, kind)
  if (message === undefined) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`)
  return { apiVersion, kind, ...decodeMessage(bytesAt(envelope, 2), message, 0) }
}

/** One field as it is on the wire. */
interface WireField {
  readonly number: number
  readonly value: bigint | Buffer
}

function* readFields(bytes: Buffer): Generator<WireField> {
  const reader = { bytes, offset: 0 }
  while (reader.offset < bytes.length) {
    const tag = Number(readVarint(reader))
    const number = Math.floor(tag / 8)
    switch (tag % 8) {
      case 0:
        yield { number, value: readVarint(reader) }
        break
      case 1:
        yield { number, value: readBytes(reader, 8) }
        break
      case 2:
        yield { number, value: readBytes(reader, Number(readVarint(reader))) }
        break
      case 5:
        yield { number, value: readBytes(reader, 4) }
        break
      default:
        throw badRequest('proto: illegal wireType')
    }
  }
}

const fieldsOf = (bytes: Buffer): WireField[] => [...readFields(bytes)]

interface Reader {
  readonly bytes: Buffer
  offset: number
}

function readVarint(reader: Reader): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.offset++]
    if (byte === undefined) throw badRequest('unexpected EOF')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw badRequest('proto: integer overflow')
}

function readBytes(reader: Reader, length: number): Buffer {
  const end = reader.offset + length
  if (end > reader.bytes.length) throw badRequest('unexpected EOF')
  const bytes = reader.bytes.subarray(reader.offset, end)
  reader.offset = end
  return bytes
}

function bytesAt(fields: readonly WireField[], number: number): Buffer {
  const value = fields.findLast(field => field.number === number)?.value
  return value instanceof Buffer ? value : Buffer.alloc(0)
}

function decodeMessage(bytes: Buffer, name: string, depth: number): JsonObject {
  const fields = messages[name]
  if (fields === undefined) throw new Error(`no protobuf message ${name}`)
  if (depth > nestingMax) throw badRequest('proto: too deeply nested')
  const object: JsonObject = {}
  for (const { number, value } of readFields(bytes)) {
    const field = fields.find(each => each[0] === number)
    if (field) addField(object, field, { value, depth: depth + 1 })
  }
  return object
}

function addField(
  object: JsonObject,
  [, name, type, marks]: Field,
  { value, depth }: { value: bigint | Buffer; depth: number },
): void {
  if (name === '') {
    Object.assign(object, decodeMessage(asBytes(value), type, depth))
  } else if (type.startsWith('[]')) {
    const list = object[name]
    const item = decodeValue(value, type.slice(2), depth)
    if (Array.isArray(list)) list.push(item)
    else object[name] = [item]
  } else if (type.startsWith('{}')) {
    const known = object[name]
    const map = typeof known === 'object' && known !== null && !Array.isArray(known) ? (known as JsonObject) : {}
    addEntry(map, type.slice(2), { entry: asBytes(value), depth })
    object[name] = map
  } else {
    const decoded = decodeValue(value, type, depth)
    const isZero = decoded === '' || decoded === 0 || decoded === false
    if (isZero && marks === '?') delete object[name]
    else object[name] = decoded
  }
}

function addEntry(map: JsonObject, type: string, { entry, depth }: { entry: Buffer; depth: number }): void {
  const fields = fieldsOf(entry)
  const value = fields.findLast(field => field.number === 2)?.value ?? Buffer.alloc(0)
  setOwn(map, bytesAt(fields, 1).toString(), decodeValue(value, type, depth))
}

type Decode = (value: bigint | Buffer) => JsonValue

const decoders: Readonly<Record<string, Decode>> = {
  string: value => asBytes(value).toString(),
  bytes: value => asBytes(value).toString('base64'),
  bool: value => value !== 0n,
  int: integer,
  float64: value => asBytes(value).readDoubleLE(),
  float32: value => asBytes(value).readFloatLE(),
  time: value => time(asBytes(value), 0),
  microTime: value => time(asBytes(value), 6),
  duration: value => `${Number(integerAt(fieldsOf(asBytes(value)), 1)) / 1e9}s`,
  quantity: value => bytesAt(fieldsOf(asBytes(value)), 1).toString() || '0',
  intOrString(value) {
    const fields = fieldsOf(asBytes(value))
    return integerAt(fields, 1) === 0n ? integer(integerAt(fields, 2)) : bytesAt(fields, 3).toString()
  },
  items: value => fieldsOf(asBytes(value)).map(field => asBytes(field.value).toString()),
  raw(value) {
    const text = bytesAt(fieldsOf(asBytes(value)), 1).toString()
    return text === '' ? null : parseJson(text)
  },
}

function decodeValue(value: bigint | Buffer, type: string, depth: number): JsonValue {
  const decode = Object.hasOwn(decoders, type) ? decoders[type] : undefined
  if (decode) return decode(value)
  const other = Object.hasOwn(schemaOrElse, type) ? schemaOrElse[type] : undefined
  return other ? decodeSchemaOr(asBytes(value), other, depth) : decodeMessage(asBytes(value), type, depth)
}

type DecodeElse = (fields: readonly WireField[], depth: number) => JsonValue

/** Where JSON has a schema or something else: the number of the schema, and how the other is read. */
const schemaOrElse: Readonly<Record<string, readonly [number: number, decodeElse: DecodeElse]>> = {
  schemaOrBool: [2, fields => integerAt(fields, 1) !== 0n],
  schemaOrArray: [1, (fields, depth) => repeatedAt(fields, 2).map(item => decodeMessage(item, schemaMessage, depth))],
  schemaOrTexts: [1, fields => repeatedAt(fields, 2).map(String)],
}

function decodeSchemaOr(bytes: Buffer, [number, decodeElse]: readonly [number, DecodeElse], depth: number): JsonValue {
  const fields = fieldsOf(bytes)
  const schema = repeatedAt(fields, number).at(-1)
  return schema ? decodeMessage(schema, schemaMessage, depth) : decodeElse(fields, depth)
}

function repeatedAt(fields: readonly WireField[], number: number): Buffer[] {
  return fields.filter(field => field.number === number).map(({ value }) => asBytes(value))
}

function asBytes(value: bigint | Buffer): Buffer {
  if (value instanceof Buffer) return value
  throw badRequest('proto: wrong wireType')
}

function integer(value: bigint | Buffer): JsonValue {
  if (typeof value !== 'bigint') throw badRequest('proto: wrong wireType')
  const signed: bigint = BigInt.asIntN(64, value)
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : rawNumber(String(signed))
}

function integerAt(fields: readonly WireField[], number: number): bigint {
  const value = fields.findLast(field => field.number === number)?.value
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) : 0n
}

/** Go's zero time is null in JSON. */
function time(bytes: Buffer, fractionDigits: number): JsonValue {
  const fields = fieldsOf(bytes)
  const [seconds, nanos] = [Number(integerAt(fields, 1)), Number(integerAt(fields, 2))]
  if (seconds === 0 && nanos === 0) return null
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
  if (fractionDigits === 0) return `${whole}Z`
  return `${whole}.${String(nanos).padStart(9, '0').slice(0, fractionDigits)}Z`
}
