// Kubernetes' own kinds in a workspace, and what a kube-apiserver 1.31 says about them: what is refused, in which words.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readText } from '../../api-client/resources/response.ts'
import { connectServer, type ServerConnection } from '../../api-client/transport/undici-transport.ts'
import { addWorkspace } from '../harness/compute.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { nativeRows } from '../harness/recordings.ts'

let kcp: TestKcp
let connection: ServerConnection
before(async () => {
  kcp = await startTestKcp()
  connection = connectServer(kcp.url, { tls: { ca: kcp.certificateAuthority } })
  await addWorkspace(kcp.masters, 'root', 'native')
})
after(async () => {
  await connection[Symbol.asyncDispose]()
  await kcp[Symbol.asyncDispose]()
})

async function send(line: string, body: unknown, contentType: string) {
  const [method = '', path = ''] = line.split(' ')
  const response = await connection.transport({
    method: method as 'GET',
    path: `/clusters/root:native${path}`,
    headers: {
      authorization: `Bearer ${kcp.tokens.shardAdmin}`,
      ...(body === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { code: response.status, body: JSON.parse(await readText(response)) }
}

for (const { line, body, contentType = 'application/json', code, message } of nativeRows()) {
  test(`${line} ${JSON.stringify(body ?? '').slice(0, 80)}`, async () => {
    const answer = await send(line, body, contentType)
    assert.deepEqual({ code: answer.code, message: code < 400 ? undefined : answer.body.message }, { code, message })
  })
}

test('events are the same objects in both groups', async () => {
  const events = '/namespaces/default/events'
  const event = { regarding: { kind: 'Pod', name: 'p', namespace: 'default' }, note: 'n', reason: 'r', type: 'Normal' }
  const from = { reportingController: 'a.io/c', reportingInstance: 'i', action: 'a' }
  const eventTime = '2026-01-01T00:00:00.000000Z'
  const newer = { metadata: { name: 'new' }, ...event, ...from, eventTime }
  assert.equal((await send(`POST /apis/events.k8s.io/v1${events}`, newer, 'application/json')).code, 201)
  const { body: core } = await send(`GET /api/v1${events}/new`, undefined, '')
  assert.deepEqual(
    [core.apiVersion, core.involvedObject.name, core.message, core.reportingComponent, core.firstTimestamp],
    ['v1', 'p', 'n', 'a.io/c', null],
  )
  const older = {
    metadata: { name: 'old' },
    involvedObject: { namespace: 'default', name: 'q' },
    count: 3,
    message: 'm',
  }
  assert.equal((await send(`POST /api/v1${events}`, older, 'application/json')).code, 201)
  const { body: list } = await send(
    `GET /apis/events.k8s.io/v1${events}?fieldSelector=regarding.name%3Dq`,
    undefined,
    '',
  )
  assert.equal(list.items.length, 1)
  assert.deepEqual([list.items[0].regarding.name, list.items[0].deprecatedCount, list.items[0].note], ['q', 3, 'm'])
  assert.equal(list.items[0].involvedObject, undefined)
  const select = async (field: string) =>
    (await send(`GET /apis/events.k8s.io/v1${events}?fieldSelector=${field}`, undefined, '')).body
  assert.equal((await select('reportingController%3Da.io/c')).items.length, 1)
  assert.equal((await select('involvedObject.name%3Dq')).message, 'field label not supported: involvedObject.name')
})

test('quantities are shown as Kubernetes writes them, whoever wrote them how', async () => {
  const quotas = '/api/v1/namespaces/default/resourcequotas'
  const hard = { 'requests.cpu': 1.5, 'limits.cpu': '1000m', 'requests.memory': '1.5Gi', pods: 10, secrets: '1e3' }
  const { body } = await send(`POST ${quotas}`, { metadata: { name: 'amounts' }, spec: { hard } }, 'application/json')
  const shown = { 'requests.cpu': '1500m', 'limits.cpu': '1', 'requests.memory': '1536Mi', pods: '10', secrets: '1e3' }
  assert.deepEqual(body.spec.hard, shown)
  const same = { spec: { hard: { 'requests.cpu': '1500m', 'limits.cpu': '1', pods: '0.01k' } } }
  const patched = await send(`PATCH ${quotas}/amounts`, same, 'application/merge-patch+json')
  assert.equal(patched.body.metadata.resourceVersion, body.metadata.resourceVersion)
  const wrong = { metadata: { name: 'wrong' }, spec: { hard: { pods: '1 Gi' } } }
  const refused = await send(`POST ${quotas}`, wrong, 'application/json')
  assert.deepEqual(
    [refused.code, refused.body.message.split(': ')[0]],
    [400, 'ResourceQuota in version "v1" cannot be handled as a ResourceQuota'],
  )
})
