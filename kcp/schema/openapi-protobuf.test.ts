import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { encodeOpenApiV2 } from './openapi-protobuf.ts'

/** One field with bytes in it: tag, length, content. */
function field(number: number, ...content: (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(content.map(part => Buffer.from(part)))
  const tag = number * 8 + 2
  const tagBytes = tag < 0x80 ? [tag] : [(tag % 0x80) + 0x80, Math.floor(tag / 0x80)]
  return Buffer.concat([Buffer.from([...tagBytes, bytes.length]), bytes])
}

const named = (name: string, value: Buffer) => Buffer.concat([field(1, name), field(2, value)])
const schema = (...fields: Buffer[]) => field(9, field(1, named('S', Buffer.concat(fields))))
const get = (...fields: Buffer[]) => field(8, field(2, named('/x', field(2, ...fields))))
const required = Buffer.from([0x08, 1])

const cases: [what: string, document: JsonObject, want: Buffer][] = [
  [
    'texts of messages',
    { swagger: '2.0', info: { title: 'k', version: 'v1' } },
    Buffer.concat([field(1, '2.0'), field(2, field(1, 'k'), field(2, 'v1'))]),
  ],
  ['a type is a list', { definitions: { S: { type: 'object' } } }, schema(field(22, field(1, 'object')))],
  [
    'an extension is YAML; what nobody knows is left out',
    { definitions: { S: { 'x-a': { b: 1 }, nobody: 'knows' } } },
    schema(field(31, named('x-a', field(2, '{"b":1}\n')))),
  ],
  [
    'properties, items and additional properties',
    { definitions: { S: { properties: { p: { $ref: 'P' } }, items: { $ref: 'I' }, additionalProperties: true } } },
    schema(
      field(25, field(1, named('p', field(1, 'P')))),
      field(23, field(1, field(1, 'I'))),
      field(21, Buffer.from([0x10, 1])),
    ),
  ],
  [
    'numbers',
    { definitions: { S: { maxLength: 300, minimum: 0.5 } } },
    schema(Buffer.from([0x58, 0xac, 0x02]), Buffer.from([0x49, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f])),
  ],
  [
    'a parameter of the path',
    { paths: { '/x': { get: { parameters: [{ name: 'n', in: 'path', required: true }] } } } },
    get(field(8, field(1, field(2, field(4, field(4, 'n'), field(2, 'path'), required))))),
  ],
  [
    'an answer',
    { paths: { '/x': { get: { responses: { 200: { schema: { $ref: 'P' } } } } } } },
    get(field(9, field(1, named('200', field(1, field(2, field(1, field(1, 'P')))))))),
  ],
]
for (const [what, document, want] of cases) {
  test(`in protobuf: ${what}`, () => {
    assert.equal(Buffer.from(encodeOpenApiV2(document)).toString('hex'), want.toString('hex'))
  })
}
