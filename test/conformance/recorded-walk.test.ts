// The requests of the quickstart as the Go plugin, kubectl and the Go syncer sent them to Go kcp v0.11, sent to this kcp in
// the same order: same code, same reason, same set of fields. What may differ is in a table, with its reason.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { isListed, isRefusedName } from '../harness/recorded-differences.ts'
import { replayWalk, type WalkReplay } from '../harness/recorded-walk.ts'
import { recordedWalk } from '../harness/recordings.ts'

const walk = recordedWalk()
let kcp: TestKcp
let replay: WalkReplay
before(async () => {
  kcp = await startTestKcp()
  replay = replayWalk(kcp, walk, isListed)
})
after(async () => {
  await replay[Symbol.asyncDispose]()
  await kcp[Symbol.asyncDispose]()
})

test(`${walk.steps.length} recorded requests are answered alike`, async t => {
  const seen = new Set<string>()
  for (const [index, step] of walk.steps.entries()) {
    if (isRefusedName(step)) continue
    const found = await replay.step(step)
    const place = `${index}: ${step.as} ${step.method} ${step.view ?? step.cluster} ${step.path}`
    assert.deepEqual(
      found.filter(what => !isListed(step, what)),
      [],
      place,
    )
    for (const what of found) seen.add(what)
  }
  t.diagnostic(`listed differences seen: ${[...seen].join(' · ')}`)
})
