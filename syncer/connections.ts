// The clients of a syncer: one for the workspace of its SyncTarget, one for the virtual workspace, one downstream.

import { type Clock, systemClock } from '../api-client/clock.ts'
import { type ClientConnection, connectClient } from '../api-client/connect.ts'
import { inClusterConfig } from '../api-client/kubeconfig/in-cluster.ts'
import { loadKubeconfig } from '../api-client/kubeconfig/load.ts'
import { type ClientConfig, clientConfigOf, resolveContext } from '../api-client/kubeconfig/resolve.ts'
import type { Log } from '../api-client/log.ts'
import { type ConnectServer, connectServer } from '../api-client/transport/undici-transport.ts'
import type { RequestTrace } from '../api-client/transport/with-debug.ts'
import { userAgentOf } from '../api-client/transport/with-user-agent.ts'
import { type SyncerOptions, syncerVersion } from './options.ts'

/** From here on every request is told. */
const traceVerbosityMin = 6

export interface Configs {
  /** Its server has no `/clusters/…` path. */
  readonly upstream: ClientConfig
  readonly downstream: ClientConfig
}

export async function loadConfigs(options: SyncerOptions): Promise<Configs> {
  const upstream = await fileConfig(options.fromKubeconfig, options.fromContext)
  const downstream =
    options.toKubeconfig === ''
      ? await inClusterConfig(options.env)
      : await fileConfig(options.toKubeconfig, options.toContext)
  return { upstream: { ...upstream, server: upstream.server.replace(/\/clusters\/[^/]+$/, '') }, downstream }
}

async function fileConfig(explicitPath: string, context: string): Promise<ClientConfig> {
  const kubeconfig = await loadKubeconfig({ explicitPath, env: {}, homeDirectory: '' })
  return clientConfigOf(resolveContext(kubeconfig, { context }))
}

/** What the agent has of the world: time, chance, and a way to servers. Simulations have their own. */
export interface Surroundings {
  readonly clock: Clock
  readonly random: () => number
  readonly connectServer: ConnectServer
}

export const systemSurroundings: Surroundings = { clock: systemClock, random: Math.random, connectServer }

export interface Connecting {
  readonly options: SyncerOptions
  readonly log: Log
  readonly surroundings: Surroundings
  /** Called for each answer of 403. */
  readonly onRefused?: () => void
}

/** A client with its own rate. @param part ends the user agent, as kcp's access logs know it. */
export function connect(config: ClientConfig, part: string, connecting: Connecting): ClientConnection {
  const { options, log, surroundings, onRefused } = connecting
  const isTraced = options.logging.verbosity >= traceVerbosityMin
  const trace = (entry: RequestTrace) => {
    if (isTraced) log.debug({ ...entry, part }, 'request')
    if (entry.status === 403) onRefused?.()
  }
  return connectClient(config, {
    userAgent: userAgentOf('syncer', syncerVersion, part),
    ...(isTraced || onRefused ? { trace } : {}),
    clock: surroundings.clock,
    connectServer: surroundings.connectServer,
    rateLimit: { qps: options.qps, burst: options.burst },
  })
}

/** `kcp#<use>/<version>`; uses are syncer, syncing and status-syncer. */
export function usePart(use: string): string {
  return `kcp#${use}/${syncerVersion}`
}
