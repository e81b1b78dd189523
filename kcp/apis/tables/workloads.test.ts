import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentTable, statefulSetTable } from './workloads.ts'

const now = new Date('2024-01-01T00:00:00Z')
const workload = (spec: { replicas?: number }) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec,
  status: { readyReplicas: 1 },
})

for (const { spec, ready } of [
  { spec: {}, ready: '1/1' },
  { spec: { replicas: 0 }, ready: '1/0' },
  { spec: { replicas: 3 }, ready: '1/3' },
]) {
  test(`ready of ${JSON.stringify(spec)} is ${ready}`, () => {
    for (const table of [deploymentTable, statefulSetTable]) assert.equal(table.cells(workload(spec), now)[1], ready)
  })
}
