// Lists, pages, forms of objects, and watches.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { startTestServer, type TestServer, type TestWatch } from '../harness/api-server.ts'
import { configMaps as configMapType } from '../harness/resource-types.ts'

const configMaps = '/clusters/root/api/v1/namespaces/default/configmaps'
const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
const asMetadata = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json' }

async function create(server: TestServer, name: string, members: object = {}, path = configMaps) {
  const { json } = await server.send('POST', path, { body: { metadata: { name, ...members } } })
  return json
}

const namesOf = (items: { metadata: { name: string } }[]) => items.map(item => item.metadata.name)

describe('a list', () => {
  let server: TestServer
  before(async () => {
    server = startTestServer()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await create(server, name, { labels: { odd: String('ace'.includes(name)) } })
    }
    await create(server, 'other', {}, '/clusters/other/api/v1/namespaces/default/configmaps')
  })

  test('is in order and says its revision', async () => {
    const { json } = await server.send('GET', configMaps)
    assert.deepEqual([json.kind, json.apiVersion, json.metadata], ['ConfigMapList', 'v1', { resourceVersion: '6' }])
    assert.deepEqual(namesOf(json.items), ['a', 'b', 'c', 'd', 'e'])
  })

  test('comes in pages of one snapshot', async () => {
    const first = await server.send('GET', `${configMaps}?limit=2`)
    assert.deepEqual(namesOf(first.json.items), ['a', 'b'])
    const { continue: token = '', remainingItemCount } = first.json.metadata as unknown as Record<string, string>
    assert.equal(remainingItemCount, 3)
    const second = await server.send('GET', `${configMaps}?limit=2&continue=${encodeURIComponent(token)}`)
    assert.deepEqual(namesOf(second.json.items), ['c', 'd'])
    assert.equal(second.json.metadata.resourceVersion, first.json.metadata.resourceVersion)
  })

  test('of selected objects comes in pages too, without a count', async () => {
    const first = await server.send('GET', `${configMaps}?limit=2&labelSelector=odd%3Dtrue`)
    assert.deepEqual(namesOf(first.json.items), ['a', 'c'])
    const { continue: token = '', remainingItemCount } = first.json.metadata as unknown as Record<string, string>
    assert.equal(remainingItemCount, undefined)
    const next = `${configMaps}?limit=2&labelSelector=odd%3Dtrue&continue=${encodeURIComponent(token)}`
    assert.deepEqual(namesOf((await server.send('GET', next)).json.items), ['e'])
  })

  test('at resourceVersion 0 is whole whatever the limit', async () => {
    const { json } = await server.send('GET', `${configMaps}?limit=2&resourceVersion=0`)
    assert.equal(json.items.length, 5)
  })

  test('at an exact revision shows the past', async () => {
    const { json } = await server.send('GET', `${configMaps}?resourceVersion=2&resourceVersionMatch=Exact`)
    assert.deepEqual(namesOf(json.items), ['a', 'b'])
  })

  test('by name is one object', async () => {
    const { json } = await server.send('GET', `${configMaps}?fieldSelector=metadata.name%3Dc`)
    assert.deepEqual(namesOf(json.items), ['c'])
  })

  test('of all clusters', async () => {
    const { json } = await server.send('GET', '/clusters/*/api/v1/configmaps')
    assert.deepEqual(namesOf(json.items), ['other', 'a', 'b', 'c', 'd', 'e'])
    const selected = await server.send('GET', '/clusters/*/api/v1/configmaps?fieldSelector=metadata.name%3Dother')
    assert.deepEqual(namesOf(selected.json.items), ['other'])
  })

  test('as a table', async () => {
    const { json } = await server.send('GET', `${configMaps}?limit=1`, { headers: asTable })
    const { kind, columnDefinitions, rows } = json as unknown as Record<string, object[]>
    assert.deepEqual([kind, columnDefinitions?.length], ['Table', 2])
    assert.deepEqual(
      rows?.map(row => ({ ...row, object: undefined })),
      [{ cells: ['a', '0s'], object: undefined }],
    )
  })

  test('of metadata only says which version an object has where it covers all clusters', async () => {
    const { json } = await server.send('GET', '/clusters/*/api/v1/configmaps', { headers: asMetadata })
    assert.equal(json.kind, 'PartialObjectMetadataList')
    const [first] = json.items
    assert.deepEqual(first?.metadata.annotations, { 'kcp.io/cluster': 'other', 'kcp.io/original-api-version': 'v1' })
  })

  test('goes on from a lost snapshot with the token of the refusal', async () => {
    const own = startTestServer()
    for (const name of ['a', 'b', 'c']) await create(own, name)
    const first = await own.send('GET', `${configMaps}?limit=1`)
    const { continue: token = '' } = first.json.metadata as unknown as Record<string, string>
    await create(own, 'd')
    await own.store.compact(own.store.revision)
    const refused = await own.send('GET', `${configMaps}?limit=1&continue=${encodeURIComponent(token)}`)
    assert.deepEqual([refused.status, refused.json.reason, refused.json.message], [410, 'Expired', lostSnapshotText])
    const { continue: fresh = '' } = refused.json.metadata as unknown as Record<string, string>
    const rest = await own.send('GET', `${configMaps}?continue=${encodeURIComponent(fresh)}`)
    assert.deepEqual(namesOf(rest.json.items), ['b', 'c', 'd'])
  })

  test('of a version that is lost is 410, also of the first page of it', async () => {
    const own = startTestServer()
    for (const name of ['a', 'b', 'c']) await create(own, name)
    await own.store.compact(3)
    for (const query of ['resourceVersion=1&resourceVersionMatch=Exact', 'resourceVersion=1&limit=1']) {
      const { status, json } = await own.send('GET', `${configMaps}?${query}`)
      const text = 'The resourceVersion for the provided list is too old.'
      assert.deepEqual([status, json.reason, json.message], [410, 'Expired', text])
    }
    const { json } = await own.send('GET', `${configMaps}?resourceVersion=1&limit=1&resourceVersionMatch=NotOlderThan`)
    assert.deepEqual(namesOf(json.items), ['a'])
  })
})

const lostSnapshotText =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the ' +
  'continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing ' +
  'with the provided token results in an inconsistent list - objects that were created, modified, or deleted between ' +
  'the time the first chunk was returned and now may show up in the list.'

async function take(watch: TestWatch, count: number): Promise<string[]> {
  const events: string[] = []
  for (let i = 0; i < count; i++) {
    const event = await watch.next()
    events.push(`${event?.type} ${event?.object.metadata.name} ${event?.object.metadata.resourceVersion}`)
  }
  return events
}

const label = (server: TestServer, name: string, labels: object) =>
  server.send('PATCH', `${configMaps}/${name}`, {
    body: { metadata: { labels } },
    headers: { 'content-type': 'application/merge-patch+json' },
  })

describe('a watch', () => {
  test('starts with the state, or after a revision', async () => {
    const server = startTestServer()
    await create(server, 'a')
    const fromState = await server.watch(`${configMaps}?watch=true`)
    const fromRevision = await server.watch(`${configMaps}?watch=true&resourceVersion=1`)
    assert.deepEqual(await take(fromState, 1), ['ADDED a 1'])
    await create(server, 'b')
    await label(server, 'a', { x: 'y' })
    await server.send('DELETE', `${configMaps}/b`)
    const want = ['ADDED b 2', 'MODIFIED a 3', 'DELETED b 4']
    assert.deepEqual(await take(fromState, 3), want)
    assert.deepEqual(await take(fromRevision, 3), want)
    fromState.stop()
    fromRevision.stop()
    assert.equal(await fromState.next(), undefined)
  })

  test('with a selector sees objects come and go', async () => {
    const server = startTestServer()
    await create(server, 'a')
    const selected = await server.watch(`${configMaps}?watch=true&resourceVersion=1&labelSelector=x%3Dy`)
    await label(server, 'a', { x: 'y' })
    await label(server, 'a', { z: '1' })
    await label(server, 'a', { x: 'n' })
    await label(server, 'a', { z: '2' })
    await label(server, 'a', { x: 'y' })
    await server.send('DELETE', `${configMaps}/a`)
    assert.deepEqual(await take(selected, 5), ['ADDED a 2', 'MODIFIED a 3', 'DELETED a 4', 'ADDED a 6', 'DELETED a 7'])
    selected.stop()
  })

  test('of one name does not see its neighbours', async () => {
    const server = startTestServer()
    const watch = await server.watch(`${configMaps}?watch=true&fieldSelector=metadata.name%3Da`)
    await create(server, 'ab')
    await create(server, 'a')
    assert.deepEqual(await take(watch, 1), ['ADDED a 2'])
    watch.stop()
  })

  test('of all clusters sees every one', async () => {
    const server = startTestServer()
    await create(server, 'a')
    const watch = await server.watch('/clusters/*/api/v1/configmaps?watch=true&resourceVersion=0')
    await create(server, 'b', {}, '/clusters/other/api/v1/namespaces/default/configmaps')
    assert.deepEqual((await take(watch, 2)).sort(), ['ADDED a 1', 'ADDED b 2'])
    watch.stop()
  })

  test('tells where the state it started with ends', async () => {
    const server = startTestServer()
    await create(server, 'a')
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const watch = await server.watch(`${configMaps}?${query}&resourceVersion=1`)
    assert.deepEqual(await take(watch, 1), ['ADDED a 1'])
    const bookmark = await watch.next()
    assert.deepEqual(bookmark, {
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    })
    watch.stop()
  })

  test('starts with nothing where the client says so, and names every option that does not fit', async () => {
    const server = startTestServer()
    await create(server, 'a')
    const query = 'watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan'
    const watch = await server.watch(`${configMaps}?${query}`)
    await create(server, 'b')
    assert.deepEqual(await take(watch, 1), ['ADDED b 2'])
    watch.stop()
    const { json } = await server.send('GET', `${configMaps}?watch=true&resourceVersionMatch=Exact`)
    assert.equal(
      json.message,
      'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    )
  })

  test('of lost history ends with 410 in the stream', async () => {
    const server = startTestServer()
    for (const name of ['a', 'b', 'c']) await create(server, name)
    await server.store.compact(3)
    const watch = await server.watch(`${configMaps}?watch=true&resourceVersion=1`)
    const event = await watch.next()
    assert.deepEqual([event?.type, event?.object.code], ['ERROR', 410])
    assert.match(String(event?.object.message), /^too old resource version: 1 \(/)
    assert.equal(await watch.next(), undefined)
  })

  test('ends when its type is no longer served', async () => {
    const server = startTestServer()
    const gone = await server.watch('/clusters/root/apis/example.io/v1/widgets?watch=true')
    const kept = await server.watch(`${configMaps}?watch=true`)
    const ended = gone.next()
    server.setTypes([configMapType])
    assert.equal(await ended, undefined)
    await create(server, 'a')
    assert.deepEqual(await take(kept, 1), ['ADDED a 1'])
    kept.stop()
  })

  test('as tables has columns in the first event only', async () => {
    const server = startTestServer()
    const watch = await server.watch(`${configMaps}?watch=true`, { headers: asTable })
    await create(server, 'a')
    await create(server, 'b')
    const [first, second] = [await watch.next(), await watch.next()]
    assert.deepEqual([first?.object.kind, second?.object.columnDefinitions], ['Table', null])
    assert.ok(Array.isArray(first?.object.columnDefinitions))
    watch.stop()
  })
})
