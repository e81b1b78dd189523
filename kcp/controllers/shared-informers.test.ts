import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../api/objects.ts'
import type { Client } from '../../api-client/client.ts'
import { systemClock } from '../../api-client/clock.ts'
import { silentLog } from '../../api-client/log.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { namespaces } from './resources.ts'
import { createSharedInformers } from './shared-informers.ts'

const object = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, resourceVersion: '1', labels, annotations: { 'kcp.io/cluster': 'c' } },
})

/** Answers each list with the same objects; a watch tells nothing. */
function clientOf(items: KubeObject[]) {
  let lists = 0
  const client: Client = {
    ...createClient(() => Promise.reject(new Error('unused'))),
    list: (async () => {
      lists++
      return { apiVersion: 'v1', kind: 'NamespaceList', metadata: { resourceVersion: '1' }, items }
    }) as unknown as Client['list'],
    watch: async function* (_gvr: unknown, { signal }: { signal: AbortSignal }) {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      yield* []
    } as unknown as Client['watch'],
  }
  return { client, lists: () => lists }
}

test('all who ask before the start share one list; who comes later gets one of its own', async () => {
  const { client, lists } = clientOf([object('a', { on: 'yes' }), object('b')])
  const stopping = new AbortController()
  const informers = createSharedInformers(client, { log: silentLog, clock: systemClock, random: Math.random })
  const keys = informers.keysOf(namespaces)
  const project = ({ metadata }: KubeObject) => metadata.labels?.on
  const facts = informers.follow(namespaces, { project })
  assert.equal(informers.objectsOf(namespaces), informers.objectsOf(namespaces))
  const told: string[] = []
  keys.onChange(({ name }, after, before, whole) => told.push(`${name} ${before}>${after} ${whole?.metadata.name}`))
  informers.start(stopping.signal)
  await informers.synced()
  assert.equal(lists(), 1)
  assert.deepEqual(told, ['a undefined>true a', 'b undefined>true b'])
  assert.deepEqual([...facts.entries()], [['c|a', 'yes']])
  const late = informers.follow(namespaces, { project })
  informers.start(stopping.signal)
  await Promise.all([informers.synced(), late.synced])
  assert.equal(lists(), 2)
  assert.equal(late.size, 1)
  stopping.abort()
  await informers.ended()
})
