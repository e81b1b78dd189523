import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod } from '../workloads.ts'
import { type ContainerState, decideStatus } from './decide.ts'

const now = new Date('2024-01-02T03:04:05Z')
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
}
const statusWith = (state: ContainerState) =>
  decideStatus({ pod, containers: new Map([['c', state]]), podIP: '10.1.0.2', hostIP: '10.0.0.1', now })

const cases: { name: string; state: ContainerState; phase: string; ready: string; reason: string }[] = [
  {
    name: 'not started yet',
    state: { type: 'creating', reason: 'ContainerCreating' },
    phase: 'Pending',
    ready: 'False',
    reason: 'ContainerCreating',
  },
  {
    name: 'running',
    state: { type: 'running', startedAt: now, restarts: 0 },
    phase: 'Running',
    ready: 'True',
    reason: '',
  },
  {
    name: 'an image that fails',
    state: { type: 'image-failed' },
    phase: 'Pending',
    ready: 'False',
    reason: 'ImagePullBackOff',
  },
  {
    name: 'crashed',
    state: { type: 'crashed', exitCode: 1, finishedAt: now, restarts: 2 },
    phase: 'Running',
    ready: 'False',
    reason: 'CrashLoopBackOff',
  },
]

describe('the status of a pod', () => {
  for (const { name, state, phase, ready, reason } of cases) {
    test(name, () => {
      const status = statusWith(state) as {
        phase: string
        conditions: { type: string; status: string }[]
        containerStatuses: { state: { waiting?: { reason: string } } }[]
      }
      assert.equal(status.phase, phase)
      assert.equal(status.conditions.find(c => c.type === 'Ready')?.status, ready)
      assert.equal(status.containerStatuses[0]?.state.waiting?.reason ?? '', reason)
    })
  }
  test('is written once', () => {
    const state: ContainerState = { type: 'running', startedAt: now, restarts: 0 }
    const status = statusWith(state)
    assert.ok(status)
    const later = {
      pod: { ...pod, status },
      containers: new Map([['c', state]]),
      podIP: '10.1.0.2',
      hostIP: '10.0.0.1',
      now: new Date(),
    }
    assert.equal(decideStatus(later), undefined)
  })
})
