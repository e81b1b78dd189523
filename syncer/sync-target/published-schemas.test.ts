import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonObject } from '../../api/json.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { createPublishedSchemas } from './published-schemas.ts'

const { signal } = new AbortController()
const gvk = (kind: string) => ({ group: 'apps', version: 'v1', kind })
const type = (kind: string): JsonObject => ({
  type: 'object',
  properties: { [kind.toLowerCase()]: { type: 'string' } },
  'x-kubernetes-group-version-kind': [{ ...gvk(kind) }],
})
const types: JsonObject = { 'io.x.Red': type('Red'), 'io.x.Blue': type('Blue') }
const wanted = (kind: string) => ({ type: 'object', properties: { [kind]: { type: 'string' } } })
const index = (hash: string): JsonObject => ({
  paths: { 'apis/apps/v1': { serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}` } },
})

const reasons: Readonly<Record<number, string>> = { 403: 'Forbidden', 404: 'NotFound', 500: 'InternalError' }

/** Answers by path, a number is the code of a refusal; records what was asked. */
function cluster(documents: Record<string, JsonObject | number>) {
  const asked: string[] = []
  const client = createClient(async ({ path }) => {
    asked.push(path)
    const answer = documents[path] ?? 404
    const status = typeof answer === 'number' ? answer : 200
    const body = typeof answer === 'number' ? { kind: 'Status', code: answer, reason: reasons[answer] } : answer
    return { status, headers: {}, body: bytes(JSON.stringify(body)) }
  })
  return { documents, asked, published: createPublishedSchemas(client) }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

describe('where types are documented', () => {
  test('OpenAPI v3: the document of the group version, again only when the index says it has changed', async () => {
    const document = { components: { schemas: types } }
    const { documents, asked, published } = cluster({
      '/openapi/v3': index('1'),
      '/openapi/v3/apis/apps/v1?hash=1': document,
      '/openapi/v3/apis/apps/v1?hash=2': document,
    })
    for (const round of [published.round(), published.round()]) {
      assert.deepEqual(await round(gvk('Red'), signal), wanted('red'))
      assert.deepEqual(await round(gvk('Blue'), signal), wanted('blue'))
    }
    documents['/openapi/v3'] = index('2')
    await published.round()(gvk('Red'), signal)
    const first = ['/openapi/v3', '/openapi/v3/apis/apps/v1?hash=1']
    assert.deepEqual(asked, [...first, '/openapi/v3', '/openapi/v3', '/openapi/v3/apis/apps/v1?hash=2'])
  })
  for (const code of [404, 403]) {
    test(`else v2, once a round: v3 answers ${code}`, async () => {
      const { asked, published } = cluster({ '/openapi/v3': code, '/openapi/v2': { definitions: types } })
      const round = published.round()
      assert.deepEqual(await round(gvk('Red'), signal), wanted('red'))
      assert.deepEqual(await round(gvk('Blue'), signal), wanted('blue'))
      assert.deepEqual(asked, ['/openapi/v3', '/openapi/v2'])
    })
  }
  test('else v2 for a group version whose v3 document is missing, not for its neighbours', async () => {
    const batch = { group: 'batch', version: 'v1', kind: 'Green' }
    const old: JsonObject = { ...type('Green'), 'x-kubernetes-group-version-kind': [{ ...batch }] }
    const unlisted = cluster({ '/openapi/v3': index('1'), '/openapi/v2': { definitions: { 'io.x.Green': old } } })
    const round = unlisted.published.round()
    assert.deepEqual(await round(batch, signal), wanted('green'))
    assert.equal(await round(gvk('Red'), signal), undefined)
    assert.deepEqual(unlisted.asked, ['/openapi/v3', '/openapi/v2', '/openapi/v3/apis/apps/v1?hash=1'])
    const { documents, published } = cluster({ '/openapi/v3': index('1'), '/openapi/v2': { definitions: types } })
    assert.deepEqual(await published.round()(gvk('Red'), signal), wanted('red'))
    documents['/openapi/v3/apis/apps/v1?hash=1'] = { components: { schemas: { 'io.x.Blue': type('Blue') } } }
    assert.deepEqual(await published.round()(gvk('Blue'), signal), wanted('blue'))
    assert.equal(await published.round()(gvk('Red'), signal), undefined)
  })
  test('a server in trouble is no server without v3', async () => {
    const { asked, published } = cluster({ '/openapi/v3': 500, '/openapi/v2': { definitions: types } })
    await assert.rejects(published.round()(gvk('Red'), signal), /InternalError/)
    assert.deepEqual(asked, ['/openapi/v3'])
  })
  test('what is documented nowhere has no schema', async () => {
    const none = cluster({})
    assert.equal(await none.published.round()(gvk('Red'), signal), undefined)
    const other = cluster({ '/openapi/v2': { definitions: types } })
    assert.equal(await other.published.round()(gvk('Green'), signal), undefined)
  })
})
