// Workspaces as the recorded walk leaves them, beside what Go kcp v0.11 had: the same discovery documents, the same objects
// with the same fields. What may differ is in the table below.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { discoveryRows } from '../harness/discovery-rows.ts'
import { fieldPaths, isObject, stableName } from '../harness/field-paths.ts'
import { startTestKcp, type TestKcp } from '../harness/kcp.ts'
import { isListed, isRefusedName } from '../harness/recorded-differences.ts'
import { askUntil, replayWalk, setDifferences, type WalkReplay } from '../harness/recorded-walk.ts'
import { recordedDiscovery, recordedObjects, recordedWalk } from '../harness/recordings.ts'

const differences = [
  // Objects are copied to other shards by this mark; there is one shard.
  '- metadata.annotations.internal.kcp.io/replicate',
  // `kubectl auth whoami` came after Kubernetes 1.24.
  '+ selfsubjectreviews SelfSubjectReview cluster verbs=create',
]
const isUnexpected = (difference: string) => !differences.includes(difference)

/** Recorded workspace → where the walk made it; names of clusters are the recorded ones. */
const places: Readonly<Record<string, string>> = {
  root: 'root',
  'root-compute': 'root:compute',
  organization: 'root:org',
  universal: 'root:plain',
  locations: '2pfkkk0bf4th5mrl',
  'myapps-bound': '23fyzfbgsrqyk5yr',
  'system-admin': 'system:admin',
}

const walk = recordedWalk()
let kcp: TestKcp
let replay: WalkReplay
before(async () => {
  kcp = await startTestKcp()
  replay = replayWalk(kcp, walk, isListed)
  for (const step of walk.steps) if (!isRefusedName(step)) await replay.step(step)
})
after(async () => {
  await replay[Symbol.asyncDispose]()
  await kcp[Symbol.asyncDispose]()
})

const read = async (workspace: string, path: string): Promise<unknown> =>
  (await replay.get(replay.learnt(places[workspace] ?? ''), path)).body

describe('discovery of', () => {
  for (const [workspace, documents] of Object.entries(recordedDiscovery())) {
    test(workspace, async () => {
      for (const [path, rows] of Object.entries(documents)) {
        const ours = discoveryRows({ [path]: await read(workspace, path) })[path] ?? []
        assert.deepEqual(setDifferences(rows, ours).filter(isUnexpected), [], path)
      }
    })
  }
})

describe('objects of', () => {
  for (const [workspace, { objects, shapes }] of Object.entries(recordedObjects())) {
    test(workspace, async () => {
      for (const [path, recorded] of Object.entries(objects)) {
        const wanted = Object.entries(recorded).map(([name, shape]) => [comparable(name), shapes[shape] ?? ''] as const)
        const found = await askUntil(
          () => missing(workspace, path, wanted),
          each => each.length === 0,
        )
        assert.deepEqual(found, [], path)
      }
    })
  }
})

/** Objects that are only recorded, and fields in which others differ. */
async function missing(workspace: string, path: string, wanted: readonly (readonly [string, string])[]) {
  const list = await read(workspace, path)
  const items = isObject(list) && Array.isArray(list.items) ? list.items.filter(isObject) : []
  const ours = new Map(items.map(item => [comparable(nameOf(item)), fieldPaths(item)]))
  return wanted.flatMap(([name, shape]) => {
    const found = ours.get(name)
    if (found === undefined) return [`- ${name}`]
    const fields = setDifferences(shape.split(' '), found).filter(isUnexpected)
    return fields.map(field => `${name} ${field}`)
  })
}

function nameOf({ metadata }: Record<string, unknown>): string {
  const { namespace, name } = isObject(metadata) ? metadata : {}
  return `${namespace === undefined ? '' : `${namespace}/`}${stableName(String(name))}`
}

/** Ends that are random, or hashes of random names. */
function comparable(name: string): string {
  return name
    .replace(/(kcp\.io)-[a-z0-9]{5}$/, '$1-<random>')
    .replace(/(kcp-syncer-kind|placement|kubernetes)-[a-z0-9]{7,8}\b/, '$1-<hash>')
}
