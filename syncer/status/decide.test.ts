import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DownstreamRecord, UpstreamRecord } from '../synced-object.ts'
import { decideStatus, type Reported } from './decide.ts'

const upstream = { isOwned: true, isDeletionRequested: false, statusHash: 'a' } as UpstreamRecord
const downstream = { statusHash: 'b' } as DownstreamRecord

interface Case {
  name: string
  upstream?: UpstreamRecord
  downstream?: DownstreamRecord
  reported?: Reported
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
    reported: { downstreamHash: 'b', upstreamHash: 'a' },
    want: 'nothing',
  },
  {
    name: 'someone changed the status upstream: downstream wins',
    upstream,
    downstream,
    reported: { downstreamHash: 'b', upstreamHash: 'b' },
    want: 'report',
  },
]
for (const { name, want, ...given } of cases) {
  test(name, () => {
    const { upstream, downstream, reported } = given
    assert.equal(decideStatus({ upstream, downstream, reported }), want)
  })
}
