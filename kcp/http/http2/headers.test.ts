import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { flag, frameType, SessionFault } from './frame.ts'
import { createHeaderBlocks } from './header-blocks.ts'
import { createHeaderDecoder } from './header-decoder.ts'
import { encodeHeaders } from './header-encoder.ts'
import { decodeHuffman } from './huffman.ts'
import { requestHeadersOf } from './request-headers.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe("Huffman's code", () => {
  // RFC 7541, appendix C.
  const texts: Record<string, string> = {
    'f1e3 c2e5 f23a 6ba0 ab90 f4ff': 'www.example.com',
    'a8eb 1064 9cbf': 'no-cache',
    'd07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff': 'Mon, 21 Oct 2013 20:13:21 GMT',
  }
  for (const [code, text] of Object.entries(texts)) {
    test(`${text} is read`, () => assert.equal(decodeHuffman(hex(code)), text))
  }
  for (const [why, code] of [
    ['padding of zeros', 'f1e3 c2e5 f23a 6ba0 ab90 f400'],
    ['padding of a whole byte', 'a8eb 1064 9cbf ff'],
    ['the end of a text inside of it', 'ffff ffff'],
  ] as const) {
    test(`${why} is refused`, () => assert.throws(() => decodeHuffman(hex(code)), SessionFault))
  }
})

describe('blocks of headers', () => {
  test('refer to those before them, as in RFC 7541 C.4', () => {
    const decode = createHeaderDecoder()
    const first = [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'www.example.com'],
    ]
    assert.deepEqual(decode(hex('8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')).headers, first)
    assert.deepEqual(decode(hex('8286 84be 5886 a8eb 1064 9cbf')).headers, [...first, ['cache-control', 'no-cache']])
  })

  test('forget the oldest header when the table is full, as in RFC 7541 C.5', () => {
    const decode = createHeaderDecoder()
    decode(hex('3fe1 01'))
    const location = ['location', 'https://www.example.com']
    const [privately, date] = [
      ['cache-control', 'private'],
      ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ]
    const texts =
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120'
    const rest = '474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d'
    assert.deepEqual(decode(hex(texts + rest)).headers, [[':status', '302'], privately, date, location])
    assert.deepEqual(decode(hex('4803 3330 37c1 c0bf')).headers, [[':status', '307'], privately, date, location])
  })

  for (const [why, code] of [
    ['a header that nobody has', 'be'],
    ['a text longer than the block', '0003 61'],
    ['a table larger than allowed', '3fff ff7f'],
    ['a number without end', 'ffff ffff ffff ffff ffff'],
    ['a new size after a header', '8220'],
  ] as const) {
    test(`${why} ends the connection`, () => assert.throws(() => createHeaderDecoder()(hex(code)), SessionFault))
  }

  test('too large are told, and the table stays right', () => {
    const decode = createHeaderDecoder()
    const long = encodeHeaders(200, { a: 'x'.repeat(40_000), b: 'y'.repeat(40_000) })
    assert.equal(decode(long).isTooLarge, true)
    assert.equal(decode(encodeHeaders(200, {})).isTooLarge, false)
  })

  test('of answers are read back', () => {
    const headers = { 'content-type': 'application/json', 'audit-id': 'ä'.repeat(200), warning: '' }
    for (const status of [200, 404, 418]) {
      const { headers: read } = createHeaderDecoder()(encodeHeaders(status, headers))
      assert.deepEqual(read, [[':status', String(status)], ...Object.entries(headers)])
    }
  })

  test('come in several frames, and not without end', () => {
    const block = encodeHeaders(200, { 'audit-id': 'x' })
    const head = { type: frameType.headers, streamId: 1, flags: flag.endStream, payload: block.subarray(0, 3) }
    const blocks = createHeaderBlocks()
    assert.equal(blocks.take(head), undefined)
    assert.throws(() => blocks.requireMayCome({ ...head, type: frameType.ping, streamId: 0 }), SessionFault)
    const last = { type: frameType.continuation, streamId: 1, flags: flag.endHeaders, payload: block.subarray(3) }
    const { headers, endsStream } = blocks.take(last) ?? {}
    assert.deepEqual([headers?.length, endsStream], [2, true])
    const endless = createHeaderBlocks()
    endless.take(head)
    const more = { ...last, flags: 0, payload: Buffer.alloc(0) }
    assert.throws(() => {
      for (let i = 0; i < 100; i++) endless.take(more)
    }, SessionFault)
  })
})

describe('headers of a request', () => {
  const good = [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/a?b'],
  ] as const
  test('are joined when they repeat, but for those that may not', () => {
    const read = requestHeadersOf([
      ...good,
      ['impersonate-group', 'a'],
      ['impersonate-group', 'b'],
      ['authorization', 'one'],
      ['authorization', 'two'],
      ['__proto__', 'x'],
      ['content-length', '7'],
    ])
    assert.deepEqual([read?.method, read?.target, read?.contentLength], ['GET', '/a?b', 7])
    assert.deepEqual(Object.entries(read?.headers ?? {}), [
      ['impersonate-group', 'a, b'],
      ['authorization', 'one'],
      ['__proto__', 'x'],
      ['content-length', '7'],
    ])
  })
  for (const [why, headers] of [
    ['no path', good.slice(0, 2)],
    ['a method twice', [...good, [':method', 'GET']]],
    ['a pseudo header after others', [['a', 'b'], ...good]],
    ['one that nobody knows', [...good, [':status', '200']]],
    ['upper case', [...good, ['Accept', '*/*']]],
    ['a header of the connection', [...good, ['connection', 'close']]],
    ['te', [...good, ['te', 'gzip']]],
    ['a line break', [...good, ['a', 'b\r\nc: d']]],
    ['a length that is none', [...good, ['content-length', '-1']]],
  ] as [string, [string, string][]][]) {
    test(`${why} is malformed`, () => assert.equal(requestHeadersOf(headers), undefined))
  }
})
