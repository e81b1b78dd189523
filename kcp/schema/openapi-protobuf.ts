// An OpenAPI v2 document in gnostic's protobuf encoding, the only one kubectl up to 1.26 asks for. Field numbers as
// published in openapiv2/OpenAPIv2.proto. Leaves out: every field that our documents never have.
import { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '../../api/json.ts'

/** Takes a message's field number and its JSON value; returns the whole field, tag included. */
type EncodeField = (number: number, value: JsonValue) => Buffer
type Message = Readonly<Record<string, readonly [number: number, encode: EncodeField]>>

export function encodeOpenApiV2(document: JsonObject): Uint8Array {
  return encodeMessage(documentMessage, document)
}

const [varintWire, fixed64Wire, bytesWire] = [0, 1, 2]

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const tag = (number: number, wireType: number): Buffer => varint(number * 8 + wireType)

function lengthDelimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([tag(number, bytesWire), varint(content.length), content])
}

const nothing = Buffer.alloc(0)

const text: EncodeField = (number, value) =>
  typeof value === 'string' ? lengthDelimited(number, Buffer.from(value)) : nothing
const flag: EncodeField = (number, value) =>
  value === true ? Buffer.concat([tag(number, varintWire), varint(1)]) : nothing

const integer: EncodeField = (number, value) => {
  const known = numberValue(value)
  return Number.isInteger(known) ? Buffer.concat([tag(number, varintWire), varint(known ?? 0)]) : nothing
}

const double: EncodeField = (number, value) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(numberValue(value) ?? 0)
  return Buffer.concat([tag(number, fixed64Wire), bytes])
}

/** Any value travels as YAML; JSON is YAML. */
const any: EncodeField = (number, value) => lengthDelimited(number, text(2, `${JSON.stringify(value)}\n`))

function repeated(encode: EncodeField): EncodeField {
  return (number, value) =>
    Array.isArray(value) ? Buffer.concat(value.map(item => encode(number, item))) : encode(number, value)
}

/** A map, as a list of pairs. */
function named(encode: EncodeField): EncodeField {
  return (number, value) => {
    if (!isJsonObject(value)) return nothing
    const pairs = Object.entries(value).map(([name, item]) =>
      lengthDelimited(number, Buffer.concat([text(1, name), encode(2, item ?? null)])),
    )
    return Buffer.concat(pairs)
  }
}

/** A message around one field, which JSON does not have. */
function inside(inner: number, encode: EncodeField): EncodeField {
  return (number, value) => lengthDelimited(number, encode(inner, value))
}

/** The message is asked for when it is used, so that messages may refer to each other. */
function message(find: () => Message): EncodeField {
  return (number, value) => (isJsonObject(value) ? lengthDelimited(number, encodeMessage(find(), value)) : nothing)
}

const vendorExtension = 'x-'

function encodeMessage(fields: Message, object: JsonObject): Buffer {
  const chunks: Buffer[] = []
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const extension = fields[vendorExtension]
    if (field) chunks.push(field[1](field[0], value))
    else if (extension && name.startsWith(vendorExtension)) chunks.push(extension[1](extension[0], { [name]: value }))
  }
  return Buffer.concat(chunks)
}

const extensionsAt = (number: number) => [number, named(any)] as const
const schema = message(() => schemaMessage)

const additionalProperties: EncodeField = (number, value) =>
  typeof value === 'boolean' ? inside(2, flag)(number, value) : inside(1, schema)(number, value)

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

/** ParametersItem, Parameter and NonBodyParameter are choices around the parameter itself. */
const parameter: EncodeField = (number, value) => {
  const place = isJsonObject(value) ? value.in : undefined
  if (place === 'body')
    return inside(
      1,
      inside(
        1,
        message(() => bodyParameter),
      ),
    )(number, value)
  const chosen =
    place === 'path'
      ? inside(
          4,
          message(() => pathParameter),
        )
      : inside(
          3,
          message(() => queryParameter),
        )
  return inside(1, inside(2, chosen))(number, value)
}

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
  parameters: [8, repeated(parameter)],
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
  parameters: [9, repeated(parameter)],
  [vendorExtension]: extensionsAt(10),
}

const path = message(() => pathMessage)
const infoMessage: Message = { title: [1, text], version: [2, text] }

const documentMessage: Message = {
  swagger: [1, text],
  info: [2, message(() => infoMessage)],
  paths: [8, inside(2, named(path))],
  definitions: [9, inside(1, named(schema))],
}
