import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Applied, DownstreamRecord, UpstreamRecord } from '../synced-object.ts'
import { decideSpec, type SpecDecision } from './decide.ts'

const upstream: UpstreamRecord = {
  uid: 'u',
  resourceVersion: '5',
  specHash: 'spec',
  statusHash: undefined,
  generation: 1,
  observedGeneration: undefined,
  isOwned: true,
  isDeletionRequested: false,
  isHeld: false,
  downstreamName: 'web',
}
const downstream: DownstreamRecord = {
  uid: 'd',
  resourceVersion: '9',
  contentHash: 'content',
  statusHash: undefined,
  generation: 1,
  observedGeneration: undefined,
  isTerminating: false,
  locator: undefined,
}
const applied: Applied = { specHash: 'spec', contentHash: 'content' }
const deleting = { ...upstream, isDeletionRequested: true }

interface Case {
  name: string
  upstream?: UpstreamRecord
  downstream?: DownstreamRecord
  applied?: Applied
  want: SpecDecision
}
const cases: Case[] = [
  { name: 'new upstream: finalizer first', upstream: { ...upstream, isOwned: false }, want: { type: 'own' } },
  { name: 'owned and absent downstream: apply', upstream, want: { type: 'apply' } },
  { name: 'after a restart: compare before writing', upstream, downstream, want: { type: 'compare' } },
  { name: 'in sync: nothing', upstream, downstream, applied, want: { type: 'nothing' } },
  {
    name: 'changed upstream: apply',
    upstream: { ...upstream, specHash: 'other' },
    downstream,
    applied,
    want: { type: 'apply' },
  },
  {
    name: 'changed downstream: repair',
    upstream,
    downstream: { ...downstream, contentHash: 'drifted' },
    applied,
    want: { type: 'apply' },
  },
  {
    name: 'deleted downstream by someone: wait until it is gone, then make it again',
    upstream,
    downstream: { ...downstream, isTerminating: true },
    applied,
    want: { type: 'nothing' },
  },
  { name: 'deleted downstream and gone: apply', upstream, applied, want: { type: 'apply' } },
  {
    name: 'upstream gone: delete downstream by uid, with proof',
    downstream,
    want: { type: 'delete-if-gone-upstream', uid: 'd' },
  },
  {
    name: 'upstream gone, downstream on its way out: nothing',
    downstream: { ...downstream, isTerminating: true },
    want: { type: 'nothing' },
  },
  { name: 'both gone: nothing', want: { type: 'nothing' } },
  {
    name: 'deletion requested: delete downstream by uid',
    upstream: deleting,
    downstream,
    want: { type: 'delete', uid: 'd' },
  },
  {
    name: 'deletion under way: wait',
    upstream: deleting,
    downstream: { ...downstream, isTerminating: true },
    want: { type: 'nothing' },
  },
  { name: 'deletion requested, gone downstream: release', upstream: deleting, want: { type: 'release' } },
  {
    name: 'deletion requested of what was never ours: nothing',
    upstream: { ...deleting, isOwned: false },
    want: { type: 'nothing' },
  },
  {
    name: 'deletion requested but still needed by another: goes on being applied',
    upstream: { ...deleting, isHeld: true },
    downstream: { ...downstream, contentHash: 'drifted' },
    applied,
    want: { type: 'apply' },
  },
  {
    name: 'released while still needed: owned again',
    upstream: { ...deleting, isHeld: true, isOwned: false },
    want: { type: 'own' },
  },
]

for (const { name, want, ...observed } of cases) {
  test(name, () => {
    const { upstream, downstream, applied } = observed
    assert.deepEqual(decideSpec({ upstream, downstream, applied }), want)
  })
}
