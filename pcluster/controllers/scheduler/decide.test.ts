import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubeObject } from '../../../api/objects.ts'
import type { Pod } from '../../workloads.ts'
import { decide } from './decide.ts'

const now = new Date('2024-01-02T03:04:05Z')
const node = (labels: Record<string, string>, unschedulable = false): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels },
  spec: { unschedulable },
})
const pod = (nodeSelector?: Record<string, string>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [], ...(nodeSelector ? { nodeSelector } : {}) },
})

describe('a pod', () => {
  test('goes to the first node when it has no wishes', () =>
    assert.deepEqual(decide(pod(), [node({})], now), { type: 'bind', node: 'n1' }))
  test('goes to the node its selector matches', () => {
    assert.deepEqual(decide(pod({ disk: 'ssd' }), [node({ disk: 'ssd' })], now), { type: 'bind', node: 'n1' })
  })
  test('with a selector no node matches is told so', () => {
    const decision = decide(pod({ disk: 'gold' }), [node({ disk: 'ssd' })], now)
    assert.equal(
      decision.type === 'unschedulable' && decision.condition.message,
      "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    )
  })
  test('is told once', () => {
    const decision = decide(pod({ disk: 'gold' }), [node({})], now)
    assert.ok(decision.type === 'unschedulable')
    assert.deepEqual(
      decide({ ...pod({ disk: 'gold' }), status: { conditions: [decision.condition] } }, [node({})], now),
      { type: 'nothing' },
    )
  })
  test('waits while the node is cordoned', () =>
    assert.equal(decide(pod(), [node({}, true)], now).type, 'unschedulable'))
})
