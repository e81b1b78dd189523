import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject, ObjectMeta } from '../../../api/objects.ts'
import { viewOf } from './view.ts'

const key = 'syncTargetKey'
const viewAnnotation = `diff.syncer.internal.kcp.io/${key}`
const deletion = `deletion.internal.workload.kcp.io/${key}`
const rules = 'experimental.summarizing.workload.kcp.io'
const specDiff = `experimental.spec-diff.workload.kcp.io/${key}`
const finalizer = `workload.kcp.io/syncer-${key}`
const time = '2026-11-21T10:00:00Z'

function object(metadata: Partial<ObjectMeta>, members: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'group/v1', kind: 'Resource', metadata: { name: 'aThing', ...metadata }, ...members }
}

interface Case {
  name: string
  metadata?: Partial<ObjectMeta>
  members?: Record<string, unknown>
  want: Partial<ObjectMeta>
  wantMembers?: Record<string, unknown>
}

const cases: Case[] = [
  {
    name: 'V1 a reported status is shown, the record is not',
    metadata: { annotations: { [viewAnnotation]: '{"status":{"statusField":"new"}}', other: 'x' } },
    members: { status: { statusField: 'old' } },
    want: { annotations: { other: 'x' } },
    wantMembers: { status: { statusField: 'new' } },
  },
  {
    name: 'V2 a deletion request looks like a deletion, and stays visible',
    metadata: { annotations: { [deletion]: time }, labels: { [`state.workload.kcp.io/${key}`]: 'Sync' } },
    want: {
      annotations: { [deletion]: time },
      labels: { [`state.workload.kcp.io/${key}`]: 'Sync' },
      deletionTimestamp: time,
    },
  },
  {
    name: 'a soft finalizer delays the deletion',
    metadata: { annotations: { [deletion]: time, [`finalizers.workload.kcp.io/${key}`]: 'wait' } },
    want: { annotations: { [deletion]: time, [`finalizers.workload.kcp.io/${key}`]: 'wait' } },
  },
  {
    name: 'own finalizer only, no deletion of the object itself',
    metadata: { finalizers: ['a', finalizer, 'workload.kcp.io/syncer-other'], deletionTimestamp: time, generation: 3 },
    want: { finalizers: [finalizer], generation: 3 },
  },
  { name: 'a fresh object has no status', members: { status: { a: 1 } }, want: {} },
  {
    name: 'a promoted status is that of the object',
    metadata: { annotations: { [viewAnnotation]: '{"status":"##promoted##"}' } },
    members: { status: { a: 1 } },
    want: { annotations: {} },
    wantMembers: { status: { a: 1 } },
  },
  {
    name: 'a spec diff is applied',
    metadata: { annotations: { [specDiff]: '[{"op":"replace","path":"/replicas","value":2}]' } },
    members: { spec: { replicas: 3, paused: true } },
    want: { annotations: { [specDiff]: '[{"op":"replace","path":"/replicas","value":2}]' } },
    wantMembers: { spec: { replicas: 2, paused: true } },
  },
  {
    name: 'own rules: a promoted field is hidden until reported, another one is not',
    metadata: {
      annotations: { [rules]: '[{"fieldPath":"spec.replicas","PromoteToUpstream":true},{"FIELDPATH":"spec.paused"}]' },
    },
    members: { spec: { replicas: 3, paused: true }, status: { a: 1 } },
    want: {
      annotations: { [rules]: '[{"fieldPath":"spec.replicas","PromoteToUpstream":true},{"FIELDPATH":"spec.paused"}]' },
    },
    wantMembers: { spec: { paused: true }, status: { a: 1 } },
  },
  {
    name: 'a rule that is no longer promoted shows the value of the object, never the sign',
    metadata: { annotations: { [rules]: '[{"fieldPath":"status"}]', [viewAnnotation]: '{"status":"##promoted##"}' } },
    members: { status: { a: 1 } },
    want: { annotations: { [rules]: '[{"fieldPath":"status"}]' } },
    wantMembers: { status: { a: 1 } },
  },
  {
    name: 'B40 rules and diffs that cannot be read are as if they were not there',
    metadata: { annotations: { [rules]: 'garbage', [specDiff]: '{', [viewAnnotation]: '{' } },
    members: { spec: { replicas: 3 }, status: { a: 1 } },
    want: { annotations: { [rules]: 'garbage', [specDiff]: '{' } },
    wantMembers: { spec: { replicas: 3 } },
  },
  {
    name: 'B40 a diff that does not fit is left out',
    metadata: { annotations: { [specDiff]: '[{"op":"remove","path":"/no/such"}]' } },
    members: { spec: { replicas: 3 } },
    want: { annotations: { [specDiff]: '[{"op":"remove","path":"/no/such"}]' } },
    wantMembers: { spec: { replicas: 3 } },
  },
]

for (const { name, metadata = {}, members = {}, want, wantMembers = {} } of cases) {
  test(name, () => {
    const stored = object(metadata, members)
    const before = structuredClone(stored)
    assert.deepEqual(viewOf(stored, key), object(want, wantMembers))
    assert.deepEqual(stored, before)
  })
}
