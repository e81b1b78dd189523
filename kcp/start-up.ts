// What happens between listening and ready: the objects every server has, and the controllers, in the order they need
// each other.
import { randomBytes, randomUUID } from 'node:crypto'
import { systemClock } from '../api-client/clock.ts'
import { bootstrapApis, bootstrapRoot, type RootOptions } from './bootstrap/bootstrap.ts'
import { startApiControllers, startControllers } from './controllers/controllers.ts'
import { known } from './controllers/loop.ts'
import { startScheduling } from './controllers/scheduling.ts'
import { followSharedFacts } from './controllers/scheduling-informers.ts'
import { createSharedInformers } from './controllers/shared-informers.ts'
import type { LogSource } from './log.ts'
import type { KcpOptions } from './options.ts'
import type { Readiness } from './readiness.ts'
import type { ServerCore } from './server-core.ts'
import { planSoleOwner } from './virtual/syncer/write.ts'

/** The steps as /readyz?verbose prints them. */
export const startSteps = {
  follow: 'poststarthook/kcp-start-informers',
  policy: 'poststarthook/kcp-bootstrap-policy',
  controllers: 'poststarthook/kcp-start-controllers',
  root: 'poststarthook/rootComputeBoostrap',
} as const

export interface StartUpOptions {
  readonly options: KcpOptions
  readonly core: ServerCore
  readonly logs: LogSource
  readonly now: () => Date
  readonly signal: AbortSignal
  /** Told of every loop that is started. */
  readonly own: (loop: Promise<void>) => unknown
  readonly readiness: Readiness
  /** https://host:port */
  readonly url: string
  /** PEM that clients trust. */
  readonly certificateAuthority: string
}

export async function startUp(startUpOptions: StartUpOptions): Promise<void> {
  const { options, core, logs, now, signal, own, readiness, url, certificateAuthority } = startUpOptions
  const { client, catalog, index } = core
  const ready = Promise.withResolvers<void>()
  await Promise.all([catalog.synced, index.synced])
  readiness.done(startSteps.follow)
  const log = logs.part('controllers')
  const shardUrls = {
    baseUrl: options.shard.baseUrl || url,
    externalUrl: options.shard.externalUrl || url,
    virtualWorkspaceUrl: options.shard.virtualWorkspaceUrl || url,
  }
  const loops = { log, clock: systemClock, random: Math.random }
  const deps = {
    ...loops,
    client,
    informers: createSharedInformers(client.cluster('*'), loops),
    bindings: core.bindings,
    signal,
    own,
    now,
    randomBytes,
    store: core.store,
    catalog,
    index,
    externalUrl: shardUrls.externalUrl,
    virtualWorkspaceBases: () => [shardUrls.virtualWorkspaceUrl],
    births: { writes: core.ownWrites, newUid: randomUUID },
    serviceAccounts: { certificateAuthority, issueToken: core.auth.tokenIssuer.issueLegacyToken },
  }
  const shared = followSharedFacts(deps.informers, core.computeBindings)
  startApiControllers(deps)
  const { identities } = await bootstrapApis({ client, signal })
  // The catalog must serve what was just bound before anybody watches it.
  await catalog.whenCurrent()
  readiness.done(startSteps.policy)
  if (options.runVirtualWorkspaces) core.startServices(identities)
  let informed: Promise<unknown> = Promise.resolve()
  if (options.runControllers) {
    await startControllers({ ...deps, sweepAfter: ready.promise }, identities)
    const heartbeatThresholdMs = options.syncTargetHeartbeatThresholdMs
    const scheduling = { resolve: index.resolve, identities, shared, heartbeatThresholdMs, planSoleOwner }
    informed = startScheduling({ ...deps, ...scheduling }).synced
  }
  await Promise.all([
    known(informed, signal).then(() => readiness.done(startSteps.controllers)),
    bootstrapRoot({ client, signal }, rootOptions(options, shardUrls)).then(() => readiness.done(startSteps.root)),
  ])
  ready.resolve()
}

function rootOptions(options: KcpOptions, shardUrls: RootOptions['shardUrls']): RootOptions {
  return {
    shardName: options.shard.name,
    shardUrls,
    homeCreatorGroups: options.homeWorkspaces.enabled ? options.homeWorkspaces.creatorGroups : [],
    workspaceTypesBattery: options.batteries.has('workspace-types'),
    // Without controllers its workspace would never become ready.
    computeBattery: options.runControllers && options.batteries.has('root-compute-workspace'),
  }
}
