import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { silentLog } from '../../api-client/log.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { followPrefix } from '../workspaces/follow-prefix.ts'
import { createBindingEvents } from './binding-events.ts'
import { computeBindingProjection } from './placement/compute-binding.ts'

const prefix = '/registry/apis.kcp.io/apibindings/customresources/'
const store = createMemoryStore()
const stopping = new AbortController()
after(() => stopping.abort())

interface Facts {
  phase?: string
  annotations?: Record<string, string>
  claims?: object[]
  deletionTimestamp?: string
  time?: string
}

function stored(cluster: string, name: string, facts: Facts = {}): Uint8Array {
  const { phase = 'Bound', annotations = {}, claims, deletionTimestamp, time = '2026-01-02T03:04:05Z' } = facts
  const ending = deletionTimestamp === undefined ? {} : { deletionTimestamp }
  const metadata = { name, ...ending, annotations: { ...annotations, 'kcp.io/cluster': cluster } }
  const reference = { export: { path: 'root', name: 'e' } }
  const spec = { reference, ...(claims ? { permissionClaims: claims } : {}) }
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: time }]
  return Buffer.from(JSON.stringify({ metadata, spec, status: { phase, conditions } }))
}
const create = (cluster: string, name: string, facts?: Facts) =>
  store.create(`${prefix}${cluster}/${name}`, stored(cluster, name, facts))

test('plain bindings are told of when they became so and when they are gone, others always', async () => {
  const compute = { 'extra.apis.kcp.io/compute.workload.kcp.io': 'true' }
  await create('c1', 'plain')
  await create('c1', 'later', { time: '2027-01-02T03:04:05Z' })
  await create('c1', 'binding', { phase: 'Binding' })
  await create('c2', 'claims', { claims: [{ resource: 'configmaps' }] })
  await create('c3', 'compute', { annotations: compute })
  const { signal } = stopping
  const read = async (suffix: string) => (await store.get(prefix + suffix))?.value
  const { sink, ...events } = createBindingEvents({ read, log: silentLog, signal })
  const told: string[] = []
  events.onChange(({ cluster, name }, isThere, object) => {
    told.push(`${cluster} ${name} ${isThere ? ((object as { status?: Facts })?.status?.phase ?? 'there') : 'gone'}`)
  })
  const computeBindings = events.follow(computeBindingProjection)
  const onFailure = (error: unknown) => assert.fail(String(error))
  await followPrefix({ store, prefix, sink, signal, onFailure }).synced
  const take = async () => {
    for (let turn = 0; turn < 3; turn++) await setImmediate()
    return told.splice(0)
  }
  await computeBindings.synced
  assert.deepEqual(await take(), ['c1 binding Binding', 'c2 claims Bound', 'c3 compute Bound'])
  assert.deepEqual(computeBindings.keysByIndex('cluster', 'c3'), ['c3|compute'])

  const late: string[] = []
  events.onChange(({ name }, _isThere, object) => late.push(`${name} ${object?.metadata.name}`))
  await take()
  assert.deepEqual(late, ['binding binding', 'claims claims', 'compute compute'])

  const key = `${prefix}c1/binding`
  const bound = await store.update(key, stored('c1', 'binding'), (await store.get(key))?.revision ?? 0)
  assert.deepEqual(await take(), ['c1 binding Bound'])
  const again = await store.update(key, stored('c1', 'binding', { time: '2028-01-02T03:04:05Z' }), bound)
  assert.deepEqual(await take(), [])
  const ending = stored('c1', 'binding', { deletionTimestamp: '2028-01-02T03:04:05Z' })
  await store.delete(key, await store.update(key, ending, again))
  assert.deepEqual(await take(), ['c1 binding Bound', 'c1 binding gone'])
  for (const name of ['c1/plain', 'c3/compute']) {
    await store.delete(prefix + name, (await store.get(prefix + name))?.revision ?? 0)
  }
  assert.deepEqual(await take(), ['c1 plain gone', 'c3 compute gone'])
  assert.equal(computeBindings.size, 0)
})
