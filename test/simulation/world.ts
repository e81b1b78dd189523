// One simulated world: two servers, the network between them and the agent, and the objects that every run starts with:
// a SyncTarget that accepts the compute APIs, and two workspaces whose namespaces are placed on it.
import { setImmediate as turn } from 'node:timers/promises'
import { syncTargetKey } from '../../api/names/sync-target.ts'
import type { KubeObject } from '../../api/objects.ts'
import { clusterAnnotation } from '../../api/objects.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import type { Store, StoredValue } from '../../kcp/storage/store.ts'
import { addWorkspace, bindCompute, objectOf, placements, type SyncTarget, syncTargets } from '../harness/compute.ts'
import { type AgentProcess, startAgent, syncTargetName } from './agent.ts'
import { type Chance, createChance } from './chance.ts'
import { createNetwork, type Link, type Network, type Observe } from './network.ts'
import { kcpUrl, physicalUrl, type SimulatedServer, startSimulatedCluster, startSimulatedKcp } from './servers.ts'
import { contentOf, storeWith } from './stored-state.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import { createTrace, type Trace } from './trace.ts'

export type Side = 'kcp' | 'physical'

export interface World {
  readonly timeline: Timeline
  readonly chance: Chance
  readonly trace: Trace
  readonly network: Network
  readonly links: Record<Side, Link>
  readonly stores: Record<Side, Store>
  readonly servers: Record<Side, SimulatedServer>
  readonly syncTargetUid: string
  readonly syncTargetKey: string
  agent: AgentProcess | undefined
  startAgent(): Promise<void>
  /** Steps time until the work is done. */
  finish<T>(work: Promise<T>): Promise<T>
  /** Stops and starts a server over its store. */
  restart(side: Side): Promise<void>
  stop(): void
}

/** What a world starts from. */
export interface Beginning {
  readonly atMs: number
  readonly content: Record<Side, readonly StoredValue[]>
  readonly syncTarget: { readonly uid: string; readonly cluster: string }
}

export interface WorldOptions {
  readonly seed: number | string
  readonly beginning?: Beginning
  readonly observe?: (world: World) => Observe
}

const firstMoment = Date.parse('2026-01-02T03:04:05Z')
const starters = { kcp: startSimulatedKcp, physical: startSimulatedCluster }
const stepsMax = 200_000

export async function createWorld({ seed, beginning, observe }: WorldOptions): Promise<World> {
  const timeline = createTimeline(beginning?.atMs ?? firstMoment)
  const chance = createChance(seed)
  const trace = createTrace(timeline.now, timeline.startedAtMs)
  const links: Record<Side, Link> = {
    kcp: { name: 'kcp', origin: kcpUrl, isDown: false, server: undefined },
    physical: { name: 'physical', origin: physicalUrl, isDown: false, server: undefined },
  }
  const network = createNetwork({
    links: Object.values(links),
    timeline,
    chance: chance.stream('network'),
    trace,
    observe: exchange => observing(exchange),
  })
  const storeOf = async (side: Side) => (beginning ? storeWith(beginning.content[side]) : createMemoryStore())
  const stores = { kcp: await storeOf('kcp'), physical: await storeOf('physical') }
  let starts = 0
  const start = async (side: Side) => {
    const log = trace.log(side)
    const serverChance = chance.stream(`${side} ${starts++}`)
    const options = { store: stores[side], timeline, chance: serverChance, log, isFirstStart: !beginning }
    const server = await starters[side](options)
    links[side].server = server.transport
    return server
  }
  const finish = <T>(work: Promise<T>) => finishIn(timeline, work)
  const servers = { kcp: await finish(start('kcp')), physical: await finish(start('physical')) }
  let agents = 0
  const { uid = '', cluster = '' } = beginning?.syncTarget ?? {}
  const world: World = {
    timeline,
    chance,
    trace,
    network,
    links,
    stores,
    servers,
    syncTargetUid: uid,
    syncTargetKey: syncTargetKey(cluster, syncTargetName),
    agent: undefined,
    finish,
    async startAgent() {
      const name = `agent${++agents}`
      const agentChance = chance.stream(name)
      world.agent = await startAgent({ name, syncTargetUid: uid, network, timeline, chance: agentChance, trace })
    },
    async restart(side) {
      trace.tell(side, 'starts again')
      servers[side].stop()
      servers[side] = await start(side)
    },
    stop() {
      world.agent?.kill()
      for (const server of Object.values(servers)) server.stop()
    },
  }
  const observing: Observe = observe?.(world) ?? (async () => undefined)
  return world
}

async function finishIn<T>(timeline: Timeline, work: Promise<T>): Promise<T> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  work.then(over, over)
  for (let steps = 0; steps < stepsMax; steps++) {
    for (let turns = 0; turns < 5 && !isOver; turns++) await turn()
    if (isOver) return work
    await timeline.step()
  }
  throw new Error('this never ends')
}

/** A namespace with it goes nowhere. */
export const unplacedLabel = 'unplaced'

export const workspaceNames = ['one', 'two'] as const

/** Made once a process, always the same. */
export async function createBeginning(): Promise<Beginning> {
  const world = await createWorld({ seed: 'beginning' })
  const { servers, finish, timeline } = world
  const { client } = servers.kcp
  await finish(addWorkspace(client, 'root', 'locations'))
  const locations = client.cluster('root:locations')
  const spec = { supportedAPIExports: [{ path: 'root:compute', export: 'kubernetes' }] }
  const body = { ...objectOf('workload.kcp.io/v1alpha1', 'SyncTarget', syncTargetName), spec }
  const { metadata } = await finish(locations.create<KubeObject>(syncTargets, body))
  const syncTarget = { uid: metadata.uid ?? '', cluster: metadata.annotations?.[clusterAnnotation] ?? '' }
  const withTarget = { ...world, syncTargetUid: syncTarget.uid }
  const agent = await startAgent({ ...withTarget, name: 'agent0', chance: world.chance.stream('agent') })
  for (const name of workspaceNames) {
    await finish(addWorkspace(client, 'root', name))
    const workspace = client.cluster(`root:${name}`)
    await finish(bindCompute(workspace, 'root:locations'))
    const namespaceSelector = { matchExpressions: [{ key: unplacedLabel, operator: 'DoesNotExist' }] }
    await finish(
      workspace.patch(placements, { name: 'default' }, { type: 'merge', body: { spec: { namespaceSelector } } }),
    )
  }
  const isUsable = async () => {
    const { status } = await finish(locations.get<SyncTarget>(syncTargets, { name: syncTargetName }))
    const { conditions = [], syncedResources = [] } = status ?? {}
    const isReady = conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
    return isReady && syncedResources.length > 0 && syncedResources.every(({ state }) => state === 'Accepted')
  }
  for (let steps = 0; !(await isUsable()); steps++) {
    if (steps > 5000) throw new Error(`the SyncTarget does not get ready:\n${world.trace.tail(60).join('\n')}`)
    await timeline.step()
  }
  const untilMs = timeline.now() + 60_000
  while (timeline.now() < untilMs) await timeline.step()
  agent.kill()
  const content = { kcp: await contentOf(world.stores.kcp), physical: await contentOf(world.stores.physical) }
  world.stop()
  return { atMs: timeline.now(), content, syncTarget }
}
