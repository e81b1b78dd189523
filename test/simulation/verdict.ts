// What must be true once nothing goes wrong any more and everybody had time: both sides say the same, and nothing is left.

import { equalJson } from '../../api/json.ts'
import {
  downstreamKeyLabel,
  namespaceLocatorAnnotation,
  stateLabel,
  syncerFinalizerPrefix,
} from '../../api/names/kcp-keys.ts'
import { parseNamespaceLocator } from '../../api/names/namespace-locator.ts'
import { clusterAnnotation, type KubeObject } from '../../api/objects.ts'
import { downstreamName } from '../../syncer/transforms/names.ts'
import type { Foreigners } from './foreigners.ts'
import { type Content, kinds, namespacesGvr, type SimulatedKind, statusOf } from './objects.ts'
import type { Users } from './users.ts'
import { type World, workspaceNames } from './world.ts'

export interface Parties {
  readonly users: Users
  readonly foreigners: Foreigners
  /** The SyncTarget was deleted: kcp forgets it, and downstream everything stays as it is. */
  readonly isTargetGone: boolean
}

export async function verdict(world: World, parties: Parties): Promise<string[]> {
  const problems: string[] = []
  const tell = (text: string) => void problems.push(text)
  await checkForeign(world, parties.foreigners, tell)
  const places = await downstreamPlaces(world, tell)
  const expected = new Set<string>()
  for (const workspace of workspaceNames) {
    for (const kind of kinds) {
      const side: Side = { world, parties, workspace, kind, places, tell }
      for (const copy of await checkUpstream(side)) expected.add(copy)
    }
  }
  if (!parties.isTargetGone) await checkNothingElse(world, { expected, places, tell })
  return problems
}

type Tell = (text: string) => void

interface Side {
  readonly world: World
  readonly parties: Parties
  readonly workspace: string
  readonly kind: SimulatedKind
  /** `<cluster>|<namespace>` → downstream namespace. */
  readonly places: ReadonlyMap<string, string>
  readonly tell: Tell
}

async function downstreamPlaces(world: World, tell: Tell): Promise<Map<string, string>> {
  const places = new Map<string, string>()
  const { items } = await world.servers.physical.client.list(namespacesGvr)
  for (const { metadata } of items) {
    const text = metadata.annotations?.[namespaceLocatorAnnotation]
    if (text === undefined) continue
    const locator = parseNamespaceLocator(text)
    const place = `${locator.cluster}|${locator.namespace}`
    if (places.has(place)) tell(`two downstream namespaces for ${place}`)
    places.set(place, metadata.name)
    if (metadata.deletionTimestamp) tell(`namespace ${metadata.name} does not get away`)
  }
  return places
}

/** Returns the copies there should be. */
async function checkUpstream(side: Side): Promise<string[]> {
  const { world, kind, workspace, parties, tell } = side
  const client = world.servers.kcp.client.cluster(`root:${workspace}`)
  const { items } = await client.list<KubeObject>(kind.gvr)
  const copies: string[] = []
  const seen = new Map<string, Content>()
  for (const item of items) {
    const object = { ...item, kind: kind.kind }
    const { namespace = '', name, labels = {}, finalizers = [], deletionTimestamp } = object.metadata
    const subject = `${workspace}/${namespace}/${kind.kind}/${name}`
    seen.set(subject, kind.contentOf(object))
    if (deletionTimestamp) tell(`${subject} is deleted and does not go: ${finalizers.join(' ')}`)
    const isOurs = finalizers.some(each => each.startsWith(syncerFinalizerPrefix))
    const isPlaced = labels[stateLabel(world.syncTargetKey)] === 'Sync'
    if (isOurs && !isPlaced) tell(`${subject} keeps the finalizer though it is placed nowhere`)
    if (parties.isTargetGone && (isOurs || isPlaced)) tell(`${subject} keeps marks of a SyncTarget that is gone`)
    if (!isPlaced || deletionTimestamp || parties.isTargetGone) continue
    if (!isOurs) tell(`${subject} has no finalizer`)
    copies.push(await checkCopy(side, object, subject))
  }
  for (const [subject, content] of parties.users.accepted) {
    if (!subject.startsWith(`${workspace}/`) || subject.split('/')[2] !== kind.kind) continue
    const now = seen.get(subject)
    if (!now) tell(`${subject} was accepted and is not there`)
    else if (!includes(now, content)) tell(`${subject} is not as accepted: ${text(now)}, accepted ${text(content)}`)
  }
  return copies
}

async function checkCopy({ world, kind, places, tell }: Side, object: KubeObject, subject: string): Promise<string> {
  const { namespace = '', annotations = {}, labels = {} } = object.metadata
  const place = places.get(`${annotations[clusterAnnotation]}|${namespace}`)
  const name = downstreamName(kind.gvr, object)
  const copies = place ? (await world.servers.physical.client.list(kind.gvr, { namespace: place })).items : []
  const copy = copies.find(each => each.metadata.name === name)
  if (!place || !copy) {
    tell(`${subject} has no copy`)
    return ''
  }
  const [wanted, actual] = [kind.contentOf(object), kind.contentOf(copy)]
  if (!isAsWanted(actual, wanted)) tell(`${subject} has the copy ${text(actual)}, wanted ${text(wanted)}`)
  if (copy.metadata.labels?.[downstreamKeyLabel] !== world.syncTargetKey) tell(`the copy of ${subject} has no label`)
  if (copy.metadata.labels?.color !== labels.color) tell(`the copy of ${subject} has another label`)
  checkStatus({ object, copy, subject, tell })
  return `${kind.kind} ${place}/${name}`
}

function checkStatus({
  object,
  copy,
  subject,
  tell,
}: {
  object: KubeObject
  copy: KubeObject
  subject: string
  tell: Tell
}) {
  const downstream = statusOf(copy)
  if (!downstream) return
  const { observedGeneration: observed, ...wanted } = downstream
  const { observedGeneration: shown, ...actual } = statusOf(object) ?? {}
  if (text(wanted) !== text(actual)) tell(`${subject} has the status ${text(actual)}, wanted ${text(wanted)}`)
  const { generation = 0 } = object.metadata as { generation?: number }
  const { generation: below = 0 } = copy.metadata as { generation?: number }
  if (typeof observed !== 'number') return
  const isCurrent = observed >= below
  const isShownCurrent = typeof shown === 'number' && shown === generation
  if (isCurrent !== isShownCurrent) {
    tell(
      `${subject}: generation ${generation} is shown as observed: ${shown}; downstream ${below}, observed ${observed}`,
    )
  }
}

interface Remains {
  readonly expected: ReadonlySet<string>
  readonly places: ReadonlyMap<string, string>
  readonly tell: Tell
}

async function checkNothingElse(world: World, { expected, places, tell }: Remains): Promise<void> {
  const { physical, kcp } = world.servers
  const labelSelector = `${downstreamKeyLabel}=${world.syncTargetKey}`
  // A namespace that lost its label while there was no agent is found again only when something upstream needs it.
  const followed = await physical.client.list(namespacesGvr, { labelSelector })
  const isFollowed = (name: string | undefined) => followed.items.some(({ metadata }) => metadata.name === name)
  for (const kind of kinds) {
    for (const { metadata } of (await physical.client.list(kind.gvr, { labelSelector })).items) {
      const copy = `${kind.kind} ${metadata.namespace}/${metadata.name}`
      if (!expected.has(copy) && isFollowed(metadata.namespace)) tell(`${copy} is left though nobody upstream wants it`)
    }
  }
  const upstream = new Set<string>()
  for (const { metadata } of (await kcp.client.cluster('*').list(namespacesGvr)).items) {
    upstream.add(`${metadata.annotations?.[clusterAnnotation]}|${metadata.name}`)
  }
  for (const [place, name] of places) {
    if (upstream.has(place) || !isFollowed(name)) continue
    const lists = kinds.map(({ gvr }) => physical.client.list(gvr, { namespace: name }))
    const items = (await Promise.all(lists)).flatMap(list => list.items)
    // Copies whose label somebody took off are that somebody's.
    const isForeign = ({ metadata }: KubeObject) =>
      metadata.name !== 'kube-root-ca.crt' && metadata.labels?.[downstreamKeyLabel] === undefined
    if (!items.some(isForeign)) tell(`namespace ${name} is left, its upstream namespace is gone`)
  }
}

async function checkForeign(world: World, { own }: Foreigners, tell: Tell): Promise<void> {
  const configMaps = { ...namespacesGvr, resource: 'configmaps' }
  const { items } = await world.servers.physical.client.list(configMaps)
  for (const [key, uid] of own) {
    const [namespace, , name] = key.split('/')
    const found = items.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
    if (found?.metadata.uid !== uid) tell(`the foreign object ${key} is gone`)
  }
}

/** What others added and upstream does not have is theirs. */
function isAsWanted(actual: Content, wanted: Content): boolean {
  const kept = Object.entries(actual).filter(([key, value]) => key in wanted || !value.startsWith('drift'))
  return equalJson(Object.fromEntries(kept), wanted)
}

function includes(now: Content, content: Content): boolean {
  return Object.entries(content).every(([key, value]) => now[key] === value)
}

function text(value: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))
}
