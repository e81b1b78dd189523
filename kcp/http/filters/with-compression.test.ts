import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { ApiRequest, ApiResponse } from '../exchange.ts'
import { withCompression } from './with-compression.ts'

const large = 'x'.repeat(128 * 1024)
const request = (acceptEncoding: string | undefined): ApiRequest => ({
  method: 'GET',
  path: '/',
  query: new URLSearchParams(),
  headers: { 'accept-encoding': acceptEncoding },
  body: async () => new Uint8Array(),
  signal: new AbortController().signal,
  remoteAddress: '',
  cluster: '',
  clusterPath: '',
  warnings: [],
})
const answered = (acceptEncoding: string | undefined, body: ApiResponse['body']) =>
  withCompression()(async () => ({ status: 200, headers: { vary: 'Accept' }, body }))(request(acceptEncoding))

for (const body of [large, Buffer.from(large), [Buffer.from(large.slice(1)), Buffer.from('x')]]) {
  test(`a large answer is compressed: ${Array.isArray(body) ? 'pieces' : typeof body}`, async () => {
    const response = await answered('deflate, gzip', body)
    assert.deepEqual(response.headers, { vary: 'Accept, Accept-Encoding', 'content-encoding': 'gzip' })
    assert.ok(response.body instanceof Uint8Array)
    assert.equal(gunzipSync(response.body).toString(), large)
  })
}

async function* stream() {
  yield Buffer.from(large)
}
const untouched: [what: string, acceptEncoding: string | undefined, body: ApiResponse['body']][] = [
  ['for clients that do not ask', undefined, large],
  ['for clients that refuse it', 'gzip;q=0, identity', large],
  ['when it is small', 'gzip', large.slice(1)],
  ['when it is a stream', 'gzip', stream()],
]
for (const [what, acceptEncoding, body] of untouched) {
  test(`an answer stays as it is ${what}`, async () => {
    assert.deepEqual(await answered(acceptEncoding, body), { status: 200, headers: { vary: 'Accept' }, body })
  })
}
