// What writes do to objects: names, metadata, generation, finalizers, subresources, patches.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type SendOptions, startTestServer, type TestServer } from '../harness/api-server.ts'

const configMaps = '/clusters/root/api/v1/namespaces/default/configmaps'
const widgets = '/clusters/root/apis/example.io/v1/namespaces/default/widgets'
const asMerge = { 'content-type': 'application/merge-patch+json' }

async function createWidget(server: TestServer, members: object) {
  const { status, json, text } = await server.send('POST', widgets, {
    body: { apiVersion: 'example.io/v1', kind: 'Widget', ...members },
  })
  assert.equal(status, 201, text)
  return json
}

const merge = (server: TestServer, path: string, body: object, options: SendOptions = {}) =>
  server.send('PATCH', path, { body, headers: { ...asMerge, ...options.headers } })

describe('create', () => {
  test('fills in what the server owns, and ignores what clients say about it', async () => {
    const server = startTestServer({ newUid: () => 'u1' })
    const created = await createWidget(server, {
      metadata: { name: 'a', uid: 'mine', generation: 7, creationTimestamp: null, selfLink: '/x', labels: { a: 'b' } },
      spec: { extra: { any: [1] } },
      status: { x: 1 },
    })
    assert.deepEqual(created, {
      apiVersion: 'example.io/v1',
      kind: 'Widget',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: 'u1',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '2026-01-02T03:04:05Z',
        labels: { a: 'b' },
        annotations: { 'kcp.io/cluster': 'root' },
        managedFields: [
          {
            manager: 'test',
            operation: 'Update',
            apiVersion: 'example.io/v1',
            time: '2026-01-02T03:04:05Z',
            fieldsType: 'FieldsV1',
            fieldsV1: {
              'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
              'f:spec': { '.': {}, 'f:extra': { '.': {}, 'f:any': {} }, 'f:size': {} },
            },
          },
        ],
      },
      spec: { extra: { any: [1] }, size: 'small' },
    })
    assert.deepEqual((await server.send('GET', `${widgets}/a`)).json, created)
  })

  test('completes a generateName', async () => {
    const server = startTestServer()
    const { metadata } = await createWidget(server, { metadata: { generateName: 'w-' } })
    assert.match(metadata.name, /^w-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  test('a DELETE that asks for a dry run, or whose options nobody can read, deletes nothing', async () => {
    const server = startTestServer()
    await server.send('POST', configMaps, { body: { metadata: { name: 'kept' } } })
    for (const [query, body, code] of [
      ['?dryRun=All', { kind: 'DeleteOptions', apiVersion: 'v1' }, 200],
      ['', { dryRun: ['All'] }, 200],
      ['', { dryRun: 'All' }, 500],
      ['', { kind: 'Pod' }, 500],
      ['', { preconditions: { uid: 1 } }, 500],
      ['?dryRun=', '', 422],
      ['?gracePeriodSeconds=x', '', 400],
      ['?uid=another', '', 409],
    ] as const) {
      assert.equal(
        (await server.send('DELETE', `${configMaps}/kept${query}`, { body })).status,
        code,
        JSON.stringify(body),
      )
      assert.equal((await server.send('GET', `${configMaps}/kept`)).status, 200)
    }
  })

  test('as a dry run stores nothing', async () => {
    const server = startTestServer()
    const { status, json } = await server.send('POST', `${configMaps}?dryRun=All`, {
      body: { metadata: { name: 'a' } },
    })
    assert.deepEqual([status, json.metadata.resourceVersion], [201, undefined])
    assert.equal((await server.send('GET', `${configMaps}/a`)).status, 404)
  })

  test('keeps integers that a double cannot hold', async () => {
    const server = startTestServer()
    const body =
      '{"apiVersion":"example.io/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"extra":{"n":9007199254740993}}}'
    await server.send('POST', widgets, { body })
    assert.match((await server.send('GET', `${widgets}/a`)).text, /"n":9007199254740993/)
  })

  test('reads YAML', async () => {
    const server = startTestServer()
    const headers = { 'content-type': 'application/yaml' }
    const { status } = await server.send('POST', configMaps, { body: 'metadata: {name: a}\ndata: {x: "1"}\n', headers })
    assert.equal(status, 201)
    const { json } = await server.send('GET', `${configMaps}/a`)
    assert.deepEqual(json.data, { x: '1' })
  })

  test('warns of unknown fields', async () => {
    const server = startTestServer()
    const { headers } = await server.send('POST', configMaps, { body: { metadata: { name: 'a' }, foo: 1 } })
    assert.equal(headers.warning, '299 - "unknown field \\"foo\\""')
  })

  test('warns of keys of YAML that are there twice, and takes the last', async () => {
    const server = startTestServer()
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: "1"\n  x: "2"\n'
    const headers = { 'content-type': 'application/apply-patch+yaml' }
    const url = `${configMaps}/a?fieldManager=m&fieldValidation=Warn`
    const applied = await server.send('PATCH', url, { body, headers })
    assert.equal(applied.headers.warning, '299 - "line 6: key \\"x\\" already set in map"')
    assert.deepEqual(applied.json.data, { x: '2' })
  })

  test('has one winner when many want the same name', async () => {
    const server = startTestServer()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.send('POST', configMaps, { body: { metadata: { name: 'a' } } })),
    )
    assert.deepEqual(answers.map(answer => answer.status).sort(), [201, ...Array(7).fill(409)])
  })
})

describe('update', () => {
  test('without a change writes nothing', async () => {
    const server = startTestServer()
    const created = await createWidget(server, { metadata: { name: 'a' } })
    const { json } = await server.send('PUT', `${widgets}/a`, { body: created })
    assert.deepEqual(json, created)
    assert.equal(server.store.revision, 1)
  })

  test('raises the generation for the spec only, and leaves the status alone', async () => {
    const server = startTestServer()
    const created = await createWidget(server, { metadata: { name: 'a' } })
    const labelled = await server.send('PUT', `${widgets}/a`, {
      body: { ...created, metadata: { ...created.metadata, labels: { a: 'b' } }, status: { x: 1 } },
    })
    assert.deepEqual([labelled.json.metadata.generation, labelled.json.status], [1, undefined])
    const { json } = await merge(server, `${widgets}/a`, { spec: { size: 'big' } })
    assert.deepEqual([json.metadata.generation, json.metadata.labels], [2, { a: 'b' }])
  })

  test('of the status changes nothing else', async () => {
    const server = startTestServer()
    const created = await createWidget(server, { metadata: { name: 'a' }, spec: {} })
    const body = { ...created, spec: { size: 'big' }, status: { x: 1 } }
    const { json } = await server.send('PUT', `${widgets}/a/status`, { body })
    assert.deepEqual([json.spec, json.status, json.metadata.generation], [{ size: 'small' }, { x: 1 }, 1])
  })

  test('of the scale sets the replicas', async () => {
    const server = startTestServer()
    await createWidget(server, { metadata: { name: 'a' }, spec: { replicas: 1 } })
    const { json } = await merge(server, `${widgets}/a/scale`, { spec: { replicas: 3 } })
    assert.deepEqual([json.kind, json.spec, json.status], ['Scale', { replicas: 3 }, { replicas: 0 }])
    assert.deepEqual((await server.send('GET', `${widgets}/a`)).json.spec, { replicas: 3, size: 'small' })
  })

  test('cannot take the cluster annotation away', async () => {
    const server = startTestServer()
    await createWidget(server, { metadata: { name: 'a' } })
    const { json } = await merge(server, `${widgets}/a`, {
      metadata: { annotations: { 'kcp.io/cluster': 'other', x: 'y' } },
    })
    assert.deepEqual(json.metadata.annotations, { 'kcp.io/cluster': 'root', x: 'y' })
  })
})

describe('patch', () => {
  test('from many clients at once loses none', async () => {
    const server = startTestServer()
    await server.send('POST', configMaps, { body: { metadata: { name: 'a' } } })
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`)
    await Promise.all(keys.map(key => merge(server, `${configMaps}/a`, { data: { [key]: 'v' } })))
    const { json } = await server.send('GET', `${configMaps}/a`)
    assert.deepEqual(Object.keys(json.data as object).sort(), keys.sort())
  })

  test('with a stale resourceVersion is a conflict', async () => {
    const server = startTestServer()
    await server.send('POST', configMaps, { body: { metadata: { name: 'a' } } })
    await merge(server, `${configMaps}/a`, { data: { x: '1' } })
    const { status } = await merge(server, `${configMaps}/a`, { metadata: { resourceVersion: '1' }, data: { x: '2' } })
    assert.equal(status, 409)
  })

  test('by apply creates, then owns its fields', async () => {
    const server = startTestServer()
    const apply = (manager: string, replicas: number, force = '') =>
      server.send('PATCH', `${widgets}/a?fieldManager=${manager}${force}`, {
        body: { apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { replicas } },
        headers: { 'content-type': 'application/apply-patch+yaml' },
      })
    assert.equal((await apply('m1', 1)).status, 201)
    const again = await apply('m1', 1)
    assert.deepEqual([again.status, again.json.metadata.resourceVersion], [200, '1'])
    const refused = await apply('m2', 2)
    assert.deepEqual(
      [refused.status, refused.json.message],
      [409, 'Apply failed with 1 conflict: conflict with "m1": .spec.replicas'],
    )
    assert.equal((await apply('m2', 2, '&force=true')).status, 200)
  })
})

describe('delete', () => {
  test('answers who is gone', async () => {
    const server = startTestServer({ newUid: () => 'u1' })
    await createWidget(server, { metadata: { name: 'a' } })
    const { json } = await server.send('DELETE', `${widgets}/a`)
    assert.deepEqual(json, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', group: 'example.io', kind: 'widgets', uid: 'u1' },
    })
  })

  test('waits for finalizers; the last one to go takes the object with it', async () => {
    const server = startTestServer()
    await createWidget(server, { metadata: { name: 'a', finalizers: ['example.io/f'] } })
    const { json } = await server.send('DELETE', `${widgets}/a`)
    const { deletionTimestamp, deletionGracePeriodSeconds, generation } = json.metadata
    assert.deepEqual([deletionTimestamp, deletionGracePeriodSeconds, generation], ['2026-01-02T03:04:05Z', 0, 2])
    const finished = await merge(server, `${widgets}/a`, { metadata: { finalizers: null } })
    assert.equal(finished.status, 200)
    assert.equal((await server.send('GET', `${widgets}/a`)).status, 404)
  })

  test('in the foreground is a finalizer', async () => {
    const server = startTestServer()
    await createWidget(server, { metadata: { name: 'a' } })
    const { json } = await server.send('DELETE', `${widgets}/a`, { body: { propagationPolicy: 'Foreground' } })
    assert.deepEqual(json.metadata.finalizers, ['foregroundDeletion'])
  })

  test('of a collection takes what the selector names', async () => {
    const server = startTestServer()
    for (const [name, color] of [
      ['a', 'red'],
      ['b', 'blue'],
      ['c', 'red'],
    ]) {
      await createWidget(server, { metadata: { name, labels: { color } } })
    }
    const { json } = await server.send('DELETE', `${widgets}?labelSelector=color%3Dred`)
    assert.deepEqual(
      json.items.map(item => item.metadata.name),
      ['a', 'c'],
    )
    const left = await server.send('GET', widgets)
    assert.deepEqual(
      left.json.items.map(item => item.metadata.name),
      ['b'],
    )
  })
})

test('a type that is being removed takes no new objects', async () => {
  const server = startTestServer()
  const { widgets: type } = await import('../harness/resource-types.ts')
  server.setTypes([{ ...type, terminating: true }])
  const body = { apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'a' } }
  const { status, json } = await server.send('POST', widgets, { body })
  assert.deepEqual([status, json.message], [405, 'create not allowed while custom resource definition is terminating'])
})

test('a server with one cluster has no cluster paths and no cluster annotation', async () => {
  const server = startTestServer({ isKcp: false })
  const path = '/api/v1/namespaces/default/configmaps'
  const { json } = await server.send('POST', path, { body: { metadata: { name: 'a' } } })
  assert.equal(json.metadata.annotations, undefined)
  assert.equal((await server.send('GET', `${path}/a`)).status, 200)
  assert.equal((await server.send('GET', '/clusters/root/api')).status, 404)
})
