// The client inside the server answers what the way of requests answers: objects, lists, errors, watches.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import type { Client } from '../../api-client/client.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { createInProcessClient } from '../../kcp/http/in-process-client.ts'
import { createLoopbackTransport } from '../../kcp/http/loopback.ts'
import { startTestServer, testTime } from '../harness/api-server.ts'
import { configMaps, widgets } from '../harness/resource-types.ts'

function startBoth() {
  const { handler, registry, catalog, setTypes } = startTestServer({ newUid: () => 'uid' })
  const user = { username: 'system:apiserver', groups: ['system:masters'] }
  const requests = createClient(createLoopbackTransport(handler, user))
  const now = () => testTime
  const direct = createInProcessClient({ registry, catalog, resolveCluster: path => path, now, user, requests })
  return { requests, direct, setTypes }
}

const widget = (name: string, more = {}): KubeObject => ({
  apiVersion: 'example.io/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'default', ...more },
})
const at = (name: string) => ({ namespace: 'default', name })

/** The answer, or the Status it was refused with; without what differs from cluster to cluster and write to write. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  const answer = await call.catch((error: unknown) => {
    if (error instanceof StatusError) return { status: error.status }
    throw error
  })
  const isLeftOut = (key: string, value: unknown) => key === 'resourceVersion' || (key === 'continue' && value === '')
  const text = JSON.stringify(answer ?? null, (key, value) => (isLeftOut(key, value) ? undefined : value))
  return JSON.parse(text.replaceAll(/"(?:one|two)"/g, '"c"'))
}

type Step = readonly [string, (client: Client) => Promise<unknown>]
const steps: Step[] = [
  ['create', client => client.create(widgets, widget('a', { labels: { x: 'y', z: undefined } }))],
  ['create again', client => client.create(widgets, widget('a'))],
  ['create with a wrong kind', client => client.create(widgets, { ...widget('b'), kind: 'Gadget' })],
  ['create without a namespace', client => client.create(widgets, { ...widget('b'), metadata: { name: 'b' } })],
  ['dry run', client => client.create(widgets, widget('c'), { dryRun: true })],
  ['get', client => client.get(widgets, at('a'))],
  ['get of nothing', client => client.get(widgets, at('none'))],
  ['get of a type that is not served', client => client.get({ ...widgets, resource: 'gadgets' }, at('a'))],
  ['patch', client => client.patch(widgets, at('a'), { type: 'merge', body: { metadata: { labels: { x: null } } } })],
  [
    'patch of another uid',
    client => client.patch(widgets, at('a'), { type: 'merge', body: { metadata: { uid: 'other' } } }),
  ],
  [
    'apply',
    client => client.patch(widgets, at('s'), { type: 'apply', body: widget('s') }, { fieldManager: 'somebody' }),
  ],
  ['update', async client => client.update(widgets, await client.get(widgets, at('a')))],
  ['list', client => client.list(widgets, { namespace: 'default', labelSelector: 'x!=y' })],
  ['list of a bad selector', client => client.list(widgets, { fieldSelector: 'spec.x=1' })],
  ['metadata', client => client.list(widgets, { metadataOnly: true })],
  ['delete of another uid', client => client.delete(widgets, at('a'), { uid: 'other' })],
  ['delete', client => client.delete(widgets, at('a'), { uid: 'uid' })],
  ['get after delete', client => client.get(widgets, at('a'))],
]

test('every step ends alike', async t => {
  const { requests, direct } = startBoth()
  for (const [name, step] of steps) {
    const wanted = await outcome(step(requests.cluster('one')))
    await t.test(name, async () => assert.deepEqual(await outcome(step(direct.cluster('two'))), wanted))
  }
})

test('a watch brings events across clusters, and all who watch share an object', async () => {
  const { direct } = startBoth()
  const end = new AbortController()
  const { metadata } = await direct.cluster('*').list(configMaps)
  const options = { resourceVersion: metadata.resourceVersion, signal: end.signal }
  const [first, second] = [0, 1].map(() => direct.cluster('*').watch(configMaps, options)[Symbol.asyncIterator]())
  const events = Promise.all([first?.next(), second?.next()])
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } }
  await direct.cluster('one').create(configMaps, configMap)
  const [one, two] = await events
  assert.equal(one?.value?.type, 'ADDED')
  assert.equal(one?.value?.object.metadata.annotations['kcp.io/cluster'], 'one')
  assert.equal(one?.value?.object, two?.value?.object)
  end.abort()
  assert.equal((await first?.next())?.done, true)
})

test('a watch ends with a bookmark at its time, and when its type goes', async () => {
  const { direct, setTypes } = startBoth()
  const { signal } = new AbortController()
  const { metadata } = await direct.cluster('*').list(configMaps)
  const { resourceVersion } = metadata
  const timed = direct.cluster('*').watch(configMaps, { resourceVersion, signal, timeoutSeconds: 0.001 })
  const seen = []
  for await (const event of timed) seen.push(event)
  assert.deepEqual(
    seen.map(({ type, object }) => [type, object.metadata.resourceVersion]),
    [['BOOKMARK', resourceVersion]],
  )
  const watch = direct.cluster('one').watch(widgets, { resourceVersion, signal })[Symbol.asyncIterator]()
  const end = watch.next()
  setTypes([configMaps])
  assert.equal((await end).done, true)
})
