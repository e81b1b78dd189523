// Composition root of the agent: builds every part, joins them by functions, starts and stops them. The only file that
// knows all of them. Leaves out: DNS, upsync, tunnel, several shards.

import type { ClientConnection } from '../api-client/connect.ts'
import type { Log } from '../api-client/log.ts'
import { type Configs, connect, loadConfigs, type Surroundings, systemSurroundings, usePart } from './connections.ts'
import { type SyncTargetIdentity, syncTargetIdentity } from './identity.ts'
import type { SyncerOptions } from './options.ts'
import { createApiImporter } from './sync-target/api-importer.ts'
import { followSyncTarget } from './sync-target/follow-sync-target.ts'
import { runHeartbeat } from './sync-target/heartbeat.ts'
import { createResourceSet } from './sync-target/resource-set.ts'
import { knownResources } from './sync-target/sync-target.ts'
import { type FoundSyncTarget, waitForSyncTarget } from './sync-target/wait-for-sync-target.ts'
import { createSyncing } from './syncing.ts'

export interface Running {
  readonly log: Log
  readonly signal: AbortSignal
}

/** Runs until the signal fires; rejects only for what waiting cannot mend, such as an unreadable kubeconfig. */
export async function runSyncer(options: SyncerOptions, running: Running): Promise<void> {
  const configs = await loadConfigs(options)
  await runAgent(options, { ...running, configs, surroundings: systemSurroundings })
}

export interface RunningAgent extends Running {
  readonly configs: Configs
  readonly surroundings: Surroundings
}

/** The same in given surroundings. */
export async function runAgent(options: SyncerOptions, running: RunningAgent): Promise<void> {
  const { configs, log, signal, surroundings } = running
  const connecting = { options, log, surroundings }
  log.info({ from: configs.upstream.server, to: configs.downstream.server }, 'starting syncer')
  await using kcp = connect(configs.upstream, usePart('syncer'), connecting)
  const found = await waitForSyncTarget({
    client: kcp.client.cluster(options.fromCluster),
    name: options.syncTargetName,
    uid: options.syncTargetUid,
    ...partsOf(running),
    signal,
  })
  if (!found) return
  await using virtualWorkspace = connect(
    { ...configs.upstream, server: found.syncerUrl },
    usePart('syncing'),
    connecting,
  )
  const refusals = new EventTarget()
  const onRefused = () => void refusals.dispatchEvent(new Event('refused'))
  await using downstream = connect(configs.downstream, usePart('status-syncer'), { ...connecting, onRefused })
  const importerPart = `kcp-workload-api-importer-${options.fromCluster}-${options.syncTargetName}`
  await using importing = connect(configs.downstream, importerPart, connecting)
  await runFound(options, { ...running, found, kcp, virtualWorkspace, downstream, refusals, importing })
}

interface Parts extends RunningAgent {
  readonly found: FoundSyncTarget
  readonly kcp: ClientConnection
  readonly virtualWorkspace: ClientConnection
  readonly downstream: ClientConnection
  /** Tells `refused` when the physical cluster does not permit something. */
  readonly refusals: EventTarget
  /** Downstream too; the many reads of the importer shall not hold up objects. */
  readonly importing: ClientConnection
}

async function runFound(options: SyncerOptions, parts: Parts): Promise<void> {
  const { found, log, signal, configs } = parts
  const { syncTargetName: name, syncTargetUid: uid } = options
  const identity: SyncTargetIdentity = syncTargetIdentity({ cluster: found.cluster, name, uid })
  const workspace = parts.kcp.client.cluster(found.cluster)
  const common = partsOf(parts)
  const followed = followSyncTarget({ client: workspace, identity, first: found.syncTarget, ...common })
  const syncing = createSyncing({
    ...common,
    syncTarget: identity,
    upstreamUrl: configs.upstream.server,
    upstreamClient: parts.virtualWorkspace.client,
    downstreamClient: parts.downstream.client,
    namespaceCleanDelayMs: options.downstreamNamespaceCleanDelayMs,
    mayWrite: () => followed.current() !== undefined,
    knownResources: () => knownResources(followed.current() ?? found.syncTarget),
  })
  const resources = createResourceSet({
    ...common,
    upstreamClient: workspace,
    downstreamClient: parts.downstream.client,
    syncTarget: followed.current,
    start: resource => syncing.start(resource, signal),
    stop: syncing.stop,
  })
  parts.refusals.addEventListener('refused', resources.doubt)
  const importer = createApiImporter({
    ...common,
    upstreamClient: workspace,
    downstreamClient: parts.importing.client,
    resources: options.resources,
    pollIntervalMs: options.apiImportPollIntervalMs,
    syncTarget: followed.current,
  })
  for (const { wake } of [resources, importer]) {
    followed.onChange(wake)
    wake()
  }
  log.info(
    { 'syncTarget.workspace': identity.cluster, 'syncTarget.name': name, 'syncTarget.key': identity.key },
    'Starting syncer workers',
  )
  await Promise.all([
    followed.run(signal),
    resources.run(signal),
    importer.run(signal),
    syncing.run(signal),
    runHeartbeat({ client: workspace, name, uid, ...common }, signal),
  ])
}

function partsOf({ log, surroundings: { clock, random } }: RunningAgent) {
  return { clock, random, log }
}
