// The requests of the quickstart as the Go plugin, kubectl and the Go syncer sent them to Go kcp v0.11, sent to this kcp in
// the same order: same code, same reason, same set of fields. What may differ is in the table below, with its reason.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { replayWalk, type WalkReplay } from '../harness/recorded-walk.ts'
import { recordedWalk, type WalkStep } from '../harness/recordings.ts'

interface Difference {
  readonly reason: string
  readonly method: string
  readonly path: RegExp
  readonly code?: number
  readonly what: RegExp
}

const differences: readonly Difference[] = [
  {
    reason: 'the home workspace is answered when it is ready, not asked for again',
    method: 'GET',
    path: /\/workspaces\/~$/,
    code: 429,
    what: /^code 429 → 200/,
  },
  {
    reason: 'the syncer workspace serves what a binding brought before the schemas of the cluster were compared',
    method: 'GET',
    path: /^\/api\/v1\/services\?/,
    code: 404,
    what: /^code 404 → 200/,
  },
  {
    reason: 'admission sets what the controller of Go adds a moment later',
    method: 'POST',
    path: /\/apibindings$/,
    what: /^\+ metadata\.(annotations\.extra\.apis\.kcp\.io|labels\.claimed\.internal\.apis\.kcp\.io)/,
  },
  {
    reason: 'the view of the syncer is a step ahead: deletion requested, content counted, object gone',
    method: 'GET',
    path: /\/(deployments|namespaces)[/?]/,
    what: /^\+ (items\[\]\.)?(metadata\.annotations\.deletion\.internal|status\.conditions\[\]\.(message|reason))/,
  },
  {
    reason: 'same, for a second write of the syncer about the object that its first one released',
    method: 'PUT',
    path: /\/namespaces\/two\/deployments\/d2$/,
    code: 409,
    what: /^code 409 → 404/,
  },
]

/** Go refuses to bind by the name that its `kubectl ws .` prints; ours does not, and everything after would be bound. */
const isRefusedName = ({ method, path, code }: WalkStep) =>
  method === 'POST' && /apibindings$/.test(path) && code === 403

const isListed = (step: WalkStep, what: string) =>
  differences.some(
    ({ method, path, code = step.code, what: pattern }) =>
      method === step.method && path.test(step.path) && code === step.code && pattern.test(what),
  )

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
