import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod, ReplicaSet } from '../../workloads.ts'
import { decide, newPod } from './decide.ts'

const replicaSet = (replicas: number): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web-1', namespace: 'n', uid: 'u', generation: 2 },
  spec: {
    replicas,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c' }] } },
  },
})
const pod = (name: string, { ready = true, node = 'n1', deleting = false, phase = 'Running' } = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { a: 'b' }, ...(deleting ? { deletionTimestamp: 't' } : {}) },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})

const cases: {
  name: string
  replicas: number
  pods: Pod[]
  create: number
  remove: string[]
  ready: number | undefined
}[] = [
  { name: 'new: all are missing', replicas: 2, pods: [], create: 2, remove: [], ready: undefined },
  {
    name: 'one went away',
    replicas: 2,
    pods: [pod('a'), pod('b', { deleting: true })],
    create: 1,
    remove: [],
    ready: 1,
  },
  {
    name: 'a failed pod is replaced',
    replicas: 1,
    pods: [pod('a', { phase: 'Failed' })],
    create: 1,
    remove: [],
    ready: undefined,
  },
  {
    name: 'too many: the one not ready goes first',
    replicas: 1,
    pods: [pod('a'), pod('b', { ready: false })],
    create: 0,
    remove: ['b'],
    ready: 1,
  },
  {
    name: 'too many: the one without a node goes first',
    replicas: 1,
    pods: [pod('a', { ready: false }), pod('b', { ready: false, node: '' })],
    create: 0,
    remove: ['b'],
    ready: undefined,
  },
  { name: 'in sync', replicas: 1, pods: [pod('a')], create: 0, remove: [], ready: 1 },
]

describe('a replica set', () => {
  for (const { name, replicas, pods, create, remove, ready } of cases) {
    test(name, () => {
      const decision = decide(replicaSet(replicas), pods)
      assert.equal(decision.create, create)
      assert.deepEqual(
        decision.remove.map(p => p.metadata.name),
        remove,
      )
      assert.equal(decision.status?.readyReplicas, ready)
    })
  }
  test('its pods carry labels and owner', () => {
    const made = newPod(replicaSet(1))
    assert.equal(made.metadata.generateName, 'web-1-')
    assert.equal(made.metadata.ownerReferences?.[0]?.uid, 'u')
    assert.deepEqual(made.metadata.labels, { a: 'b' })
  })
})
