import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../client.ts'
import type { TransportRequest } from '../transport/transport.ts'
import { listAll } from './list-all.ts'
import { createClient } from './rest-client.ts'

const pods = { group: '', version: 'v1', resource: 'pods' }
const deployments = { group: 'apps', version: 'v1', resource: 'deployments:abc' }
const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } }

async function* bytes(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

function recordingClient(answers: readonly string[], status = 200) {
  const requests: TransportRequest[] = []
  const rest = [...answers]
  const client = createClient(
    async request => {
      requests.push(request)
      return { status, headers: {}, body: bytes(rest.shift() ?? '{}') }
    },
    { basePath: '/base' },
  )
  return { client, requests }
}

const calls: { name: string; call: (client: Client) => Promise<unknown>; want: string }[] = [
  { name: 'get', call: c => c.get(pods, { namespace: 'n', name: 'a' }), want: 'GET /base/api/v1/namespaces/n/pods/a' },
  {
    name: 'a cluster, an identity and a sub-resource in the path',
    call: c => c.cluster('root:org').get(deployments, { namespace: 'n', name: 'a', subresource: 'status' }),
    want: 'GET /base/clusters/root:org/apis/apps/v1/namespaces/n/deployments:abc/a/status',
  },
  {
    name: 'wildcard list of a page',
    call: c => c.cluster('*').list(pods, { limit: 500, labelSelector: 'a=b,c' }),
    want: 'GET /base/clusters/*/api/v1/pods?labelSelector=a%3Db%2Cc&limit=500',
  },
  { name: 'create', call: c => c.create(pods, pod), want: 'POST /base/api/v1/namespaces/n/pods' },
  {
    name: 'create a token',
    call: c => c.create(pods, pod, { name: 'a', subresource: 'token' }),
    want: 'POST /base/api/v1/namespaces/n/pods/a/token',
  },
  {
    name: 'update status',
    call: c => c.update(pods, pod, { subresource: 'status', fieldManager: 'm' }),
    want: 'PUT /base/api/v1/namespaces/n/pods/a/status?fieldManager=m',
  },
  {
    name: 'apply',
    call: c =>
      c.patch(
        pods,
        { namespace: 'n', name: 'a' },
        { type: 'apply', body: pod, force: true },
        { fieldManager: 'syncer' },
      ),
    want: 'PATCH /base/api/v1/namespaces/n/pods/a?fieldManager=syncer&force=true',
  },
  {
    name: 'RBAC name with a colon and a slash',
    call: c => c.delete(pods, { name: 'system:a/b' }),
    want: 'DELETE /base/api/v1/pods/system:a%2Fb',
  },
]

for (const { name, call, want } of calls) {
  test(`request line: ${name}`, async () => {
    const { client, requests } = recordingClient(['{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}'])
    await call(client)
    assert.deepEqual(
      requests.map(r => `${r.method} ${r.path}`),
      [want],
    )
  })
}

test('a delete carries its preconditions in the body', async () => {
  const { client, requests } = recordingClient(['{}'])
  await client.delete(pods, { name: 'a' }, { uid: 'u', propagationPolicy: 'Background' })
  assert.deepEqual(JSON.parse(String(requests[0]?.body)), {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    propagationPolicy: 'Background',
    preconditions: { uid: 'u' },
  })
})

test('listAll follows continue tokens and completes typed items', async () => {
  const { client, requests } = recordingClient([
    '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"c d"},"items":[{"metadata":{"name":"a"}}]}',
    '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]}',
  ])
  const list = await listAll(client, pods)
  assert.deepEqual(
    list.items.map(i => `${i.apiVersion} ${i.kind} ${i.metadata.name}`),
    ['v1 Pod a', 'v1 Pod b'],
  )
  assert.equal(list.metadata.resourceVersion, '7')
  assert.equal(requests[1]?.path, '/base/api/v1/pods?limit=500&continue=c%20d')
})

test('a failure is the Status of the server; without one, the words of client-go', async () => {
  const status =
    '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"gone","reason":"NotFound","code":404}'
  await assert.rejects(recordingClient([status], 404).client.get(pods, { name: 'a' }), (error: unknown) => {
    return error instanceof StatusError && error.code === 404 && error.message === 'gone'
  })
  await assert.rejects(recordingClient(['404 page not found'], 404).client.get(pods, { name: 'a' }), {
    message: 'the server could not find the requested resource',
  })
})

test('watch: events split anywhere, bookmarks passed, ERROR thrown', async () => {
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`
  const stream =
    event('ADDED', { ...pod, big: 'ü' }) +
    event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '9' } }) +
    event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' })
  const raw = Buffer.from(stream)
  async function* dribble() {
    for (let i = 0; i < raw.length; i += 3) yield raw.subarray(i, i + 3)
  }
  const client = createClient(async () => ({ status: 200, headers: {}, body: dribble() }))
  const seen: string[] = []
  await assert.rejects(async () => {
    const events = client.watch(pods, { resourceVersion: '1', signal: new AbortController().signal })
    for await (const { type, object } of events) seen.push(`${type} ${String(object.big ?? '')}`)
  }, /too old resource version/)
  assert.deepEqual(seen, ['ADDED ü', 'BOOKMARK '])
})
