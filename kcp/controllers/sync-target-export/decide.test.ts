import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, type ExportedResource, type ExportedVersion } from './decide.ts'

function exported(
  resource: string,
  group: string,
  compatibility: ExportedVersion['compatibility'] = 'compatible',
): ExportedResource {
  return { group, resource, identityHash: 'h', versions: [{ name: 'v1', compatibility }] }
}

const orders = [
  {
    name: 'the stock export',
    resources: [
      exported('ingresses', 'networking.k8s.io'),
      exported('services', ''),
      exported('deployments', 'apps'),
      exported('pods', ''),
    ],
    want: ['services', 'pods', 'ingresses', 'deployments'],
  },
  {
    name: 'a local export with more',
    resources: [
      exported('deployments', 'apps'),
      exported('gears', 'ex.example.io'),
      exported('ingresses', 'networking.k8s.io'),
      exported('persistentvolumes', ''),
      exported('services', ''),
      exported('widgets', 'ex.example.io'),
    ],
    want: ['widgets', 'services', 'persistentvolumes', 'ingresses', 'gears', 'deployments'],
  },
]

for (const { name, resources, want } of orders) {
  test(`order: ${name}`, () => {
    const names = decide([], { resources, isComplete: true })?.map(({ resource }) => resource)
    assert.deepEqual(names, want)
  })
}

const states = [
  { compatibility: 'no-schema', want: 'Pending' },
  { compatibility: 'not-imported', want: 'Incompatible' },
  { compatibility: 'incompatible', want: 'Incompatible' },
  { compatibility: 'compatible', want: 'Accepted' },
] as const

for (const { compatibility, want } of states) {
  test(`${compatibility} is ${want}`, () => {
    const wanted = { group: 'apps', resource: 'deployments', versions: ['v1'], identityHash: 'h', state: want }
    assert.deepEqual(
      decide(undefined, { resources: [exported('deployments', 'apps', compatibility)], isComplete: true }),
      [wanted],
    )
  })
}

const afterwards = [
  { was: 'Accepted', compatibility: 'not-imported', identityHash: 'h', want: 'Accepted' },
  { was: 'Accepted', compatibility: 'incompatible', identityHash: 'h', want: 'Incompatible' },
  { was: 'Accepted', compatibility: 'not-imported', identityHash: 'other', want: 'Incompatible' },
  { was: 'Incompatible', compatibility: 'not-imported', identityHash: 'h', want: 'Incompatible' },
] as const

for (const { was, compatibility, identityHash, want } of afterwards) {
  test(`${was} by export ${identityHash}, then ${compatibility} is ${want}`, () => {
    const old = { group: 'apps', resource: 'deployments', versions: ['v1'], identityHash, state: was }
    const resources = [exported('deployments', 'apps', compatibility)]
    const states = (decide([old], { resources, isComplete: true }) ?? [old]).map(({ state }) => state)
    assert.deepEqual(states, [want])
  })
}

test('one compatible version is enough, and the core group has no name', () => {
  const versions: ExportedVersion[] = [
    { name: 'v2', compatibility: 'compatible' },
    { name: 'v1', compatibility: 'incompatible' },
  ]
  const wanted = [{ resource: 'things', versions: ['v1', 'v2'], identityHash: 'h', state: 'Accepted' as const }]
  const resources = [{ group: '', resource: 'things', identityHash: 'h', versions }]
  assert.deepEqual(decide(undefined, { resources, isComplete: true }), wanted)
  assert.equal(decide(wanted, { resources, isComplete: true }), undefined)
})

test('what came from an export that is not found stays', () => {
  const old = { resource: 'things', versions: ['v1'], identityHash: 'gone', state: 'Accepted' as const }
  assert.equal(decide([old], { resources: [], isComplete: false }), undefined)
  assert.deepEqual(decide([old], { resources: [], isComplete: true }), [])
})
