// The two real servers of a simulation, without listeners: kcp with its controllers and virtual workspaces, and a
// physical cluster with those controllers that any Kubernetes has (nothing runs there: statuses are written by users).
// Each can be stopped and started over the same store. Time, chance and ids are the simulation's.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Client } from '../../api-client/client.ts'
import type { Log } from '../../api-client/log.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import type { Transport } from '../../api-client/transport/transport.ts'
import { nativeTypes } from '../../kcp/apis/native-types.ts'
import { createKcpAuthorizers } from '../../kcp/auth/authorizers/chain.ts'
import { bootstrapApis, bootstrapRoot } from '../../kcp/bootstrap/bootstrap.ts'
import { type ControllersDeps, startApiControllers, startControllers } from '../../kcp/controllers/controllers.ts'
import { startGarbageCollectionController } from '../../kcp/controllers/garbage-collection/controller.ts'
import type { LoopDeps } from '../../kcp/controllers/loop.ts'
import { startNamespaceDeletionController } from '../../kcp/controllers/namespace-deletion/controller.ts'
import { startScheduling } from '../../kcp/controllers/scheduling.ts'
import { followSharedFacts } from '../../kcp/controllers/scheduling-informers.ts'
import { startServiceAccountController } from '../../kcp/controllers/service-account/controller.ts'
import { createSharedInformers } from '../../kcp/controllers/shared-informers.ts'
import { createApiHandler } from '../../kcp/http/api-server.ts'
import { createInProcessClient } from '../../kcp/http/in-process-client.ts'
import { silentLog } from '../../kcp/http/log.ts'
import { createLoopbackTransport } from '../../kcp/http/loopback.ts'
import { createRegistry } from '../../kcp/registry/registry.ts'
import { createServerAdmission } from '../../kcp/server-admission.ts'
import { createKnowledge } from '../../kcp/server-knowledge.ts'
import { createOwnWrites, serverUser } from '../../kcp/server-own-writes.ts'
import type { Store } from '../../kcp/storage/store.ts'
import { versionInfo } from '../../kcp/version.ts'
import { planSoleOwner } from '../../kcp/virtual/syncer/write.ts'
import { createVirtualWorkspaces } from '../../kcp/virtual/virtual-workspaces.ts'
import { bootstrapCluster } from '../../pcluster/bootstrap.ts'
import { createClusterServer } from '../../pcluster/server.ts'
import type { Chance } from './chance.ts'
import type { Timeline } from './timeline.ts'

export const kcpUrl = 'https://kcp.test:6443'
export const physicalUrl = 'https://physical.test:6443'

export interface ServerOptions {
  readonly store: Store
  readonly timeline: Timeline
  readonly chance: Chance
  readonly log: Log
  /** The store is empty. */
  readonly isFirstStart: boolean
}

export interface SimulatedServer {
  /** What agents talk to. */
  readonly transport: Transport
  /** Of a user who may do everything. */
  readonly client: Client
  stop(): void
}

const syncerUser = { username: 'syncer', groups: ['system:masters', 'system:authenticated'] }
const user = { username: 'admin', groups: ['system:masters', 'system:authenticated'] }
const certificateAuthority = 'test'

export async function startSimulatedKcp(options: ServerOptions): Promise<SimulatedServer> {
  const { timeline, log, chance } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const now = () => new Date(timeline.now())
  const core = createCore(options, signal)
  const { client, catalog, index, store, bindings, virtualWorkspaces, handler, writes } = core
  await Promise.all([catalog.synced, index.synced])
  const loops = { log, clock: timeline, random: chance.random }
  const deps: ControllersDeps = {
    ...loops,
    client,
    informers: createSharedInformers(client.cluster('*'), loops),
    bindings,
    now,
    randomBytes: chance.bytes,
    signal,
    store,
    catalog,
    index,
    externalUrl: kcpUrl,
    virtualWorkspaceBases: () => [kcpUrl],
    births: { writes, newUid: chance.uid },
    serviceAccounts: { certificateAuthority, issueToken: async ({ cluster, name }) => `token of ${cluster} ${name}` },
  }
  const shared = followSharedFacts(deps.informers, core.computeBindings)
  startApiControllers(deps)
  const { identities } = await bootstrapApis(deps)
  await catalog.whenCurrent()
  virtualWorkspaces.start(identities)
  await startControllers(deps, identities)
  startScheduling({ ...deps, resolve: index.resolve, identities, shared, planSoleOwner })
  if (options.isFirstStart) {
    await bootstrapRoot(deps, {
      shardName: 'root',
      shardUrls: { baseUrl: kcpUrl, externalUrl: kcpUrl, virtualWorkspaceUrl: kcpUrl },
      homeCreatorGroups: [],
      workspaceTypesBattery: true,
      computeBattery: true,
    })
  }
  return {
    transport: createLoopbackTransport(handler, syncerUser),
    client: createClient(createLoopbackTransport(handler, user, 'kubectl')),
    stop: () => stopping.abort(),
  }
}

function createCore({ store: stored, timeline, chance, log }: ServerOptions, signal: AbortSignal) {
  const now = () => new Date(timeline.now())
  const knowledge = createKnowledge({ stored, logs: { part: () => log }, signal })
  const { store, rbac, catalog, index } = knowledge
  const { authorize, authorizeDeep } = createKcpAuthorizers({
    rbac,
    alwaysAllowPaths: [],
    getLogicalCluster: async name => index.logicalCluster(name),
    getPolicyCluster: async () => undefined,
  })
  const admission = createServerAdmission({ ...knowledge, authorizeDeep })
  const registry = createRegistry({
    store,
    admission,
    annotatesCluster: true,
    newUid: chance.uid,
    nameSuffix: () => Buffer.from(chance.bytes(4)).toString('hex').slice(0, 5),
  })
  const virtualWorkspaces = createVirtualWorkspaces({
    client: () => client,
    catalog,
    authorize,
    resolve: index.resolve,
    nativeTypes: nativeTypes(),
    log,
    clock: timeline,
    random: chance.random,
    signal,
  })
  const handler = createApiHandler({
    registry,
    catalog,
    log: silentLog,
    now,
    authenticate: async () => undefined,
    authorize,
    connectors: {},
    version: versionInfo,
    serverAddress: () => 'kcp.test:6443',
    readiness: [],
    resolveCluster: index.resolve,
    beforeAuthorization: [],
    services: virtualWorkspaces.handler,
  })
  const requests = createClient(createLoopbackTransport(handler, serverUser))
  const client = createInProcessClient({
    registry,
    catalog,
    resolveCluster: index.resolve,
    now,
    user: serverUser,
    requests,
  })
  const writes = createOwnWrites({ registry, catalog, now })
  return { ...knowledge, handler, client, virtualWorkspaces, writes }
}

let serviceAccountKey: KeyObject | undefined

export async function startSimulatedCluster(options: ServerOptions): Promise<SimulatedServer> {
  const { store, timeline, chance, log } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const now = () => new Date(timeline.now())
  serviceAccountKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const server = createClusterServer({
    store,
    log: silentLog,
    key: serviceAccountKey,
    adminToken: 'none',
    now,
    random: chance.random,
    newUid: chance.uid,
    isReady: () => true,
    serverAddress: () => 'physical.test:6443',
    logFile: () => undefined,
    signal,
  })
  await server.catalog.synced
  if (options.isFirstStart) {
    const apiServer = { host: '10.0.0.1', port: 6443 }
    await bootstrapCluster({ client: server.client, clusterName: 'physical', apiServer, now: now() })
  }
  const loops = { log, clock: timeline, random: chance.random }
  const deps: LoopDeps = {
    ...loops,
    client: server.client,
    informers: createSharedInformers(server.client, loops),
    signal,
  }
  const typesOf = (cluster: string) => server.catalog.apisOf(cluster).types
  startServiceAccountController({
    ...deps,
    everywhere: deps.client,
    certificateAuthority,
    issueToken: async () => 'token',
    generatesSecrets: false,
  })
  startNamespaceDeletionController({ ...deps, now, resourcesOf: typesOf })
  startGarbageCollectionController({ ...deps, store: server.store, typesOf })
  deps.informers.start(signal)
  return {
    transport: createLoopbackTransport(server.handler, syncerUser),
    client: createClient(createLoopbackTransport(server.handler, user, 'kubectl')),
    stop: () => stopping.abort(),
  }
}
