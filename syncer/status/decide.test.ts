import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Applied, DownstreamRecord, UpstreamRecord } from '../synced-object.ts'
import { decideStatus, observedGenerationOf, type Reported } from './decide.ts'

const upstream = { isOwned: true, isDeletionRequested: false, statusHash: 'a' } as UpstreamRecord
const downstream = { statusHash: 'b' } as DownstreamRecord

const none = { sentGeneration: undefined, upstreamGeneration: undefined }

interface Case {
  name: string
  upstream?: UpstreamRecord
  downstream?: DownstreamRecord
  reported?: Reported
  observedGeneration?: number
  want: string
}
const cases: Case[] = [
  { name: 'differs: report', upstream, downstream, want: 'report' },
  { name: 'first status: report', upstream: { ...upstream, statusHash: undefined }, downstream, want: 'report' },
  {
    name: 'equal: nothing, so a restart writes nothing',
    upstream: { ...upstream, statusHash: 'b' },
    downstream,
    want: 'nothing',
  },
  {
    name: 'no status downstream: nothing',
    upstream,
    downstream: { ...downstream, statusHash: undefined },
    want: 'nothing',
  },
  { name: 'gone downstream: the last status stays upstream', upstream, want: 'nothing' },
  { name: 'gone upstream: nothing', downstream, want: 'nothing' },
  {
    name: 'our finalizer is not on it yet: later',
    upstream: { ...upstream, isOwned: false },
    downstream,
    want: 'ask-again',
  },
  {
    name: 'upstream keeps only a part of what was reported: not again',
    upstream,
    downstream,
    reported: { ...none, downstreamHash: 'b', upstreamHash: 'a' },
    want: 'nothing',
  },
  {
    name: 'equal but for the generation it is of: report',
    upstream: { ...upstream, statusHash: 'b', observedGeneration: 1 },
    downstream,
    observedGeneration: 2,
    want: 'report',
  },
  {
    name: 'upstream does not keep the generation: not again',
    upstream: { ...upstream, statusHash: 'b' },
    downstream,
    observedGeneration: 2,
    reported: { downstreamHash: 'b', sentGeneration: 2, upstreamHash: 'b', upstreamGeneration: undefined },
    want: 'nothing',
  },
  {
    name: 'someone changed the status upstream: downstream wins',
    upstream,
    downstream,
    reported: { ...none, downstreamHash: 'b', upstreamHash: 'b' },
    want: 'report',
  },
]
for (const { name, want, ...given } of cases) {
  test(name, () => {
    const { upstream, downstream, reported, observedGeneration } = given
    assert.equal(decideStatus({ upstream, downstream, reported, observedGeneration }), want)
  })
}

const spec = { ...upstream, specHash: 's', generation: 5, observedGeneration: 4 }
const content = { ...downstream, contentHash: 'c', generation: 2, observedGeneration: 2 }
const applied: Applied = { specHash: 's', contentHash: 'c' }

const generations: [
  name: string,
  { upstream?: UpstreamRecord; downstream?: DownstreamRecord; applied?: Applied },
  want: number | undefined,
][] = [
  ['applied and observed downstream: observed, whatever the count there', { applied }, 5],
  ['made anew downstream', { applied, downstream: { ...content, generation: 1, observedGeneration: 1 } }, 5],
  ['applied, not observed yet', { applied, downstream: { ...content, observedGeneration: 1 } }, 4],
  ['not applied yet', { applied: { ...applied, specHash: 'old' } }, 4],
  ['changed downstream by others', { applied, downstream: { ...content, contentHash: 'other' } }, 4],
  [
    'never observed, and not yet',
    { applied: { ...applied, specHash: 'old' }, upstream: { ...spec, observedGeneration: undefined } },
    4,
  ],
  ['after a restart it stays, so nothing is written', {}, 4],
  ['a kind without: none', { applied, downstream: { ...content, observedGeneration: undefined } }, undefined],
  ['not counted upstream: as downstream', { applied, upstream: { ...spec, generation: undefined } }, 2],
]
for (const [name, given, want] of generations) {
  test(`observed generation: ${name}`, () => {
    const { upstream = spec, downstream = content, applied } = given
    assert.equal(observedGenerationOf(upstream, downstream, applied), want)
  })
}
