import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, labelSelectorOf } from '../../../api/selectors/label-selector.ts'
import type { LocationFacts } from '../location/location.ts'
import type { SyncTargetFacts } from '../sync-target/sync-target.ts'
import { chooseLocation } from './choose-location.ts'
import { chooseTarget } from './choose-target.ts'
import { decide } from './decide.ts'
import type { Placement } from './placement.ts'

const now = new Date('2026-11-21T10:00:00Z')
const resource = { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' }

function location(name: string, labels: Record<string, string> = {}): LocationFacts {
  return { name, cluster: 'lc', labels, resource: 'workload.kcp.io/v1alpha1/synctargets', instances: everything }
}

function placement(selected?: string, selectors: object[] = [{}]): Placement {
  const status =
    selected === undefined
      ? {}
      : { status: { phase: 'Bound', selectedLocation: { path: 'lc', locationName: selected } } as const }
  return {
    apiVersion: 'scheduling.kcp.io/v1alpha1',
    kind: 'Placement',
    metadata: { name: 'p' },
    spec: { locationSelectors: selectors, locationResource: resource, locationWorkspace: 'root:far' },
    ...status,
  }
}

const locationCases = [
  { name: 'the selected one stays', placement: placement('b'), locations: [location('a'), location('b')], want: 'b' },
  {
    name: 'one of the valid ones, by the random number',
    placement: placement(),
    locations: [location('b'), location('a')],
    random: 0.9,
    want: 'b',
  },
  { name: 'an invalid one is replaced', placement: placement('gone'), locations: [location('a')], want: 'a' },
  {
    name: 'only locations that a selector matches',
    placement: placement(undefined, [{ matchLabels: { tier: 'x' } }, { matchLabels: { tier: 'y' } }]),
    locations: [location('a'), location('b', { tier: 'y' })],
    want: 'b',
  },
  {
    name: 'no selectors select nothing',
    placement: placement(undefined, []),
    locations: [location('a')],
    reason: 'LocationNoMatch',
  },
  {
    name: 'a broken selector selects nothing',
    placement: placement(undefined, [{ matchLabels: { 'a b': 'x' } }]),
    locations: [location('a')],
    reason: 'LocationNoMatch',
  },
  {
    name: 'a path that leads nowhere',
    placement: placement('a'),
    locationCluster: undefined,
    locations: [],
    reason: 'LocationNotFound',
  },
]

for (const { name, random = 0, want, reason, ...observed } of locationCases) {
  test(`location: ${name}`, () => {
    const locationCluster = 'locationCluster' in observed ? observed.locationCluster : 'lc'
    const choice = chooseLocation({ ...observed, locationCluster, random })
    assert.equal(choice.selected?.name, want)
    assert.equal(choice.ready.reason, reason)
    assert.equal(choice.ready.status, want === undefined ? 'False' : 'True')
  })
}

function target(name: string, facts: Partial<SyncTargetFacts> = {}): SyncTargetFacts {
  return {
    name,
    cluster: 'lc',
    uid: name,
    key: `key-${name}`,
    labels: {},
    isReady: true,
    unschedulable: false,
    evictAfter: '',
    supportedExports: [],
    accepted: ['apps/deployments/h'],
    ...facts,
  }
}

const silent = { isReady: false }
const past = { evictAfter: '2026-11-21T09:00:00Z' }
const binding = { name: 'compute', cluster: 'ws', resources: ['apps/deployments/h'] }
const targetCases = [
  {
    name: 'the present one stays while it is valid',
    syncTargets: [target('a'), target('b')],
    current: 'key-b',
    want: 'key-b',
  },
  { name: 'one of the valid ones', syncTargets: [target('a'), target('b')], random: 0.6, want: 'key-b' },
  {
    name: 'a silent one stays while no other is valid',
    syncTargets: [target('a', silent), target('b', silent)],
    current: 'key-a',
    want: 'key-a',
  },
  {
    name: 'a silent one gives way to a valid one',
    syncTargets: [target('a', silent), target('b')],
    current: 'key-a',
    want: 'key-b',
  },
  {
    name: 'a silent one is not chosen anew',
    syncTargets: [target('a', silent)],
    message: 'No SyncTarget is ready or non evicting',
  },
  {
    name: 'a cordoned one is left',
    syncTargets: [target('a', { unschedulable: true })],
    current: 'key-a',
    message: 'No SyncTarget is ready or non evicting',
  },
  {
    name: 'a drained one is left',
    syncTargets: [target('a', past)],
    current: 'key-a',
    message: 'No SyncTarget is ready or non evicting',
  },
  {
    name: 'looks again when eviction is due',
    syncTargets: [target('a', { evictAfter: '2026-11-21T10:00:09Z' })],
    want: 'key-a',
    requeueAfterMs: 9000,
  },
  { name: 'none in the location', syncTargets: [], message: 'No SyncTarget in the selected Location' },
  {
    name: 'none that accepts what is bound',
    syncTargets: [target('a', { accepted: ['apps/deployments/other'] })],
    current: 'key-a',
    message: 'SyncTarget a does not support APIBinding compute',
  },
  {
    name: 'a vanished one is left',
    syncTargets: [target('b', silent)],
    current: 'key-a',
    message: 'No SyncTarget is ready or non evicting',
  },
]

for (const { name, syncTargets, current = '', random = 0, want = '', message, requeueAfterMs } of targetCases) {
  test(`target: ${name}`, () => {
    const choice = chooseTarget({ location: location('a'), syncTargets, bindings: [binding], current, now, random })
    assert.equal(choice.target, want)
    assert.equal(choice.scheduled.message, message)
    assert.equal(choice.scheduled.reason, message === undefined ? undefined : 'NoValidTarget')
    assert.equal(choice.requeueAfterMs, requeueAfterMs)
  })
}

test('target: only instances the location selects', () => {
  const eu = { ...location('a'), instances: labelSelectorOf({ matchLabels: { region: 'eu' } }) }
  const syncTargets = [target('a'), target('b', { labels: { region: 'eu' } })]
  assert.equal(chooseTarget({ location: eu, syncTargets, bindings: [], current: '', now, random: 0 }).target, 'key-b')
})

test('placement: writes what changed once, and then nothing', () => {
  const chosen = chooseLocation({
    placement: placement(),
    locationCluster: 'lc',
    locations: [location('a')],
    random: 0,
  })
  const to = chooseTarget({
    location: chosen.selected,
    syncTargets: [target('a')],
    bindings: [],
    current: '',
    now,
    random: 0,
  })
  const first = decide({ placement: placement(), location: chosen, target: to, isUsed: false, now })
  assert.deepEqual(first.metadata, { annotations: { 'internal.workload.kcp.io/synctarget': 'key-a' } })
  assert.equal(first.status?.phase, 'Unbound')
  const annotations = { 'internal.workload.kcp.io/synctarget': 'key-a' }
  const written = {
    ...placement(),
    metadata: { name: 'p', annotations },
    status: first.status as Placement['status'] & object,
  }
  assert.deepEqual(decide({ placement: written, location: chosen, target: to, isUsed: false, now }), {})
  assert.equal(decide({ placement: written, location: chosen, target: to, isUsed: true, now }).status?.phase, 'Bound')
})

test('placement: without a location it is Pending and loses its target', () => {
  const annotations = { 'internal.workload.kcp.io/synctarget': 'key-a' }
  const old = { ...placement('gone'), metadata: { name: 'p', annotations } }
  const chosen = chooseLocation({ placement: old, locationCluster: 'lc', locations: [], random: 0 })
  const to = chooseTarget({ location: undefined, syncTargets: [], bindings: [], current: 'key-a', now, random: 0 })
  const { metadata, status } = decide({ placement: old, location: chosen, target: to, isUsed: true, now })
  assert.deepEqual(metadata, { annotations: { 'internal.workload.kcp.io/synctarget': null } })
  assert.equal(status?.phase, 'Pending')
  assert.equal(status?.selectedLocation, null)
})
