import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../api-client/client.ts'
import { silentLog } from '../../api-client/log.ts'
import { createManualClock, type ManualClock } from '../../api-client/manual-clock.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { createResourceSet } from './resource-set.ts'
import type { SyncTarget } from './sync-target.ts'

const syncTarget: SyncTarget = {
  apiVersion: 'workload.kcp.io/v1alpha1',
  kind: 'SyncTarget',
  metadata: { name: 'kind', uid: 'u', resourceVersion: '1' },
  status: { syncedResources: [] },
}

/** Answers by path and body; the bodies of what was sent stay. */
function fakeServer(answer: (path: string, body: Record<string, unknown>) => unknown) {
  const sent: Record<string, unknown>[] = []
  const client: Client = createClient(async ({ path, body }) => {
    const read = body === undefined ? {} : JSON.parse(String(body))
    if (body !== undefined) sent.push(read)
    return { status: 200, headers: {}, body: bytes(JSON.stringify(answer(path, read))) }
  })
  return { client, sent }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const core = {
  kind: 'APIResourceList',
  resources: ['configmaps', 'secrets'].map(name => ({ name, kind: name, namespaced: true, verbs: ['list'] })),
}

async function runUntil(clock: ManualClock, isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    await new Promise(resolve => setImmediate(resolve))
    if (!isEnough() && clock.nextDueMs !== undefined) clock.advance(clock.nextDueMs - clock.now())
  }
}

test('permissions that are lost while it runs are told after a refusal, until they are back; nothing stops', async () => {
  let denied = ''
  let reviews = 0
  const downstream = fakeServer((path, body) => {
    if (!path.endsWith('/selfsubjectaccessreviews')) return core
    reviews++
    const { resource, verb } = (body as { spec: { resourceAttributes: Record<string, string> } }).spec
      .resourceAttributes
    return { status: { allowed: `${resource} ${verb}` !== denied } }
  })
  const upstream = fakeServer(() => syncTarget)
  const conditions = () =>
    upstream.sent.map(body => {
      const { status } = body as { status: { conditions: { status: string; message?: string }[] } }
      return `${status.conditions[0]?.status} ${status.conditions[0]?.message ?? ''}`
    })
  const calls: string[] = []
  const clock = createManualClock(0)
  const ending = new AbortController()
  const set = createResourceSet({
    upstreamClient: upstream.client,
    downstreamClient: downstream.client,
    clock,
    random: () => 0.5,
    log: silentLog,
    syncTarget: () => syncTarget,
    start: ({ resource }) => void calls.push(`start ${resource}`),
    stop: ({ resource }) => void calls.push(`stop ${resource}`),
  })
  const running = set.run(ending.signal)
  set.wake()
  await runUntil(clock, () => conditions().length === 1)
  assert.deepEqual([reviews, conditions()], [12, ['True ']])

  denied = 'secrets patch'
  set.doubt()
  set.doubt()
  await runUntil(clock, () => conditions().length === 2)
  assert.equal(reviews, 24)
  assert.match(
    conditions()[1] ?? '',
    /^False missing permissions .*: secrets \(patch\)\. Run "kubectl kcp workload sync kind /,
  )

  denied = ''
  await runUntil(clock, () => conditions().length === 3)
  assert.equal(conditions()[2], 'True ')
  assert.deepEqual(calls, ['start configmaps', 'start secrets'])
  ending.abort()
  await running
})
