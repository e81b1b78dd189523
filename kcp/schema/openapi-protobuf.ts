// An OpenAPI v2 document in gnostic's protobuf encoding, the only one kubectl up to 1.26 asks for. Field numbers as
// published in openapiv2/OpenAPIv2.proto. Leaves out: every field that our documents never have.
import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'
import { type BackwardWriter, createBackwardWriter } from './backward-writer.ts'

/** Takes a message's field number and its JSON value; writes the whole field, tag included, last part first. */
type EncodeField = (out: BackwardWriter, number: number, value: JsonValue) => void
type Message = Readonly<Record<string, readonly [number: number, encode: EncodeField]>>

let writer: BackwardWriter | undefined

export function encodeOpenApiV2(document: JsonObject): Uint8Array {
  writer ??= createBackwardWriter()
  encodeMessage(writer, documentMessage, document)
  return writer.take()
}

interface KeptField {
  readonly number: number
  readonly bytes: Buffer
}

/** What many documents say in the same words is encoded once: lists marked as constant, as the field they were first. */
const constants = new WeakMap<readonly JsonValue[], KeptField | undefined>()

/** Marks a list that never changes. */
export function asConstant<T extends readonly JsonValue[]>(list: T): T {
  constants.set(list, undefined)
  return list
}

function keptField(out: BackwardWriter, { list, number }: { list: JsonValue[]; number: number }, write: () => void) {
  const known = constants.get(list)
  if (known?.number === number) return out.bytes(known.bytes)
  const end = out.length()
  write()
  if (known === undefined && constants.has(list)) constants.set(list, { number, bytes: out.copySince(end) })
}

const [varintWire, fixed64Wire, bytesWire] = [0, 1, 2]

function tag(out: BackwardWriter, number: number, wireType: number): void {
  out.varint(number * 8 + wireType)
}

function lengthDelimited(out: BackwardWriter, number: number, content: () => void): void {
  const end = out.length()
  content()
  out.varint(out.length() - end)
  tag(out, number, bytesWire)
}

const text: EncodeField = (out, number, value) => {
  if (typeof value !== 'string') return
  out.varint(out.text(value))
  tag(out, number, bytesWire)
}

const flag: EncodeField = (out, number, value) => {
  if (value !== true) return
  out.varint(1)
  tag(out, number, varintWire)
}

const integer: EncodeField = (out, number, value) => {
  const known = numberValue(value)
  if (known === undefined || !Number.isInteger(known)) return
  if (known < 0) out.bytes(negativeVarint(known))
  else out.varint(known)
  tag(out, number, varintWire)
}

/** Ten bytes, as a 64-bit number of two's complement. */
function negativeVarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const double: EncodeField = (out, number, value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(numberValue(value) ?? 0)
  out.bytes(bytes)
  tag(out, number, fixed64Wire)
}

/** Any value travels as YAML; JSON is YAML. */
const any: EncodeField = (out, number, value) =>
  lengthDelimited(out, number, () => text(out, 2, `${JSON.stringify(value)}\n`))

function repeated(encode: EncodeField): EncodeField {
  return (out, number, value) => {
    if (!Array.isArray(value)) return encode(out, number, value)
    keptField(out, { list: value, number }, () => {
      for (let i = value.length - 1; i >= 0; i--) encode(out, number, value[i] ?? null)
    })
  }
}

/** A map, as a list of pairs. */
function named(encode: EncodeField): EncodeField {
  return (out, number, value) => {
    if (!isJsonObject(value)) return
    const names = Object.keys(value)
    for (let i = names.length - 1; i >= 0; i--) {
      const name = names[i] ?? ''
      lengthDelimited(out, number, () => {
        encode(out, 2, value[name] ?? null)
        text(out, 1, name)
      })
    }
  }
}

/** A message around one field, which JSON does not have. */
function inside(inner: number, encode: EncodeField): EncodeField {
  return (out, number, value) => lengthDelimited(out, number, () => encode(out, inner, value))
}

/** The message is asked for when it is used, so that messages may refer to each other. */
function message(find: () => Message): EncodeField {
  return (out, number, value) => {
    if (!isJsonObject(value)) return
    lengthDelimited(out, number, () => encodeMessage(out, find(), value))
  }
}

const vendorExtension = 'x-'

function encodeMessage(out: BackwardWriter, fields: Message, object: JsonObject): void {
  const names = Object.keys(object)
  for (let i = names.length - 1; i >= 0; i--) {
    const name = names[i] ?? ''
    const value = object[name]
    if (value === undefined) continue
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const extension = fields[vendorExtension]
    if (field) field[1](out, field[0], value)
    else if (extension && name.startsWith(vendorExtension)) extension[1](out, extension[0], { [name]: value })
  }
}

const extensionsAt = (number: number) => [number, named(any)] as const
const schema = message(() => schemaMessage)

const additionalProperties: EncodeField = (out, number, value) =>
  typeof value === 'boolean' ? inside(2, flag)(out, number, value) : inside(1, schema)(out, number, value)

const schemaMessage: Message = {
  $ref: [1, text],
  format: [2, text],
  title: [3, text],
  description: [4, text],
  default: [5, any],
  multipleOf: [6, double],
  maximum: [7, double],
  exclusiveMaximum: [8, flag],
  minimum: [9, double],
  exclusiveMinimum: [10, flag],
  maxLength: [11, integer],
  minLength: [12, integer],
  pattern: [13, text],
  maxItems: [14, integer],
  minItems: [15, integer],
  uniqueItems: [16, flag],
  maxProperties: [17, integer],
  minProperties: [18, integer],
  required: [19, repeated(text)],
  enum: [20, repeated(any)],
  additionalProperties: [21, additionalProperties],
  type: [22, inside(1, repeated(text))],
  items: [23, inside(1, repeated(schema))],
  properties: [25, inside(1, named(schema))],
  readOnly: [27, flag],
  example: [30, any],
  [vendorExtension]: extensionsAt(31),
}

const bodyParameter: Message = {
  description: [1, text],
  name: [2, text],
  in: [3, text],
  required: [4, flag],
  schema: [5, schema],
}
const pathParameter: Message = {
  required: [1, flag],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, flag],
}
const queryParameter: Message = { ...pathParameter, type: [6, text], uniqueItems: [20, flag] }

const places: Readonly<Record<string, EncodeField>> = {
  body: inside(
    1,
    message(() => bodyParameter),
  ),
  path: inside(
    2,
    inside(
      4,
      message(() => pathParameter),
    ),
  ),
  query: inside(
    2,
    inside(
      3,
      message(() => queryParameter),
    ),
  ),
}

/** Parameter and NonBodyParameter are choices around the parameter itself. */
const parameter: EncodeField = (out, number, value) => {
  const place = isJsonObject(value) && typeof value.in === 'string' ? value.in : ''
  places[place]?.(out, number, value)
}

const referenceMessage: Message = { $ref: [1, text] }
const referenced = inside(
  2,
  message(() => referenceMessage),
)
const stated = inside(1, parameter)

/** ParametersItem: a parameter, or where it is. */
const parameterItem: EncodeField = (out, number, value) =>
  (isJsonObject(value) && value.$ref !== undefined ? referenced : stated)(out, number, value)

const responseMessage: Message = { description: [1, text], schema: [2, inside(1, schema)] }
const response = inside(
  1,
  message(() => responseMessage),
)

const operationMessage: Message = {
  tags: [1, repeated(text)],
  description: [3, text],
  operationId: [5, text],
  produces: [6, repeated(text)],
  consumes: [7, repeated(text)],
  parameters: [8, repeated(parameterItem)],
  responses: [9, inside(1, named(response))],
  schemes: [10, repeated(text)],
  [vendorExtension]: extensionsAt(13),
}

const operation = message(() => operationMessage)
const pathMessage: Message = {
  get: [2, operation],
  put: [3, operation],
  post: [4, operation],
  delete: [5, operation],
  patch: [8, operation],
  parameters: [9, repeated(parameterItem)],
  [vendorExtension]: extensionsAt(10),
}

const path = message(() => pathMessage)
const infoMessage: Message = { title: [1, text], version: [2, text] }

const documentMessage: Message = {
  swagger: [1, text],
  info: [2, message(() => infoMessage)],
  paths: [8, inside(2, named(path))],
  definitions: [9, inside(1, named(schema))],
  parameters: [10, inside(1, named(parameter))],
}
