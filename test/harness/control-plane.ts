// A whole kcp without listener, tokens and files: store in memory, workspaces, controllers, bootstrap, in one process.
import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { UserInfo } from '../../api/user.ts'
import type { Client } from '../../api-client/client.ts'
import { systemClock } from '../../api-client/clock.ts'
import { type Log, silentLog } from '../../api-client/log.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { customKeyPrefix, typesOfCrd } from '../../kcp/apis/custom-type.ts'
import { systemTypes } from '../../kcp/apis/kcp-types.ts'
import { nativeTypes } from '../../kcp/apis/native-types.ts'
import type { Authorizer } from '../../kcp/auth/authorizer.ts'
import { createKcpAuthorizers } from '../../kcp/auth/authorizers/chain.ts'
import { observeWrites } from '../../kcp/auth/observed-store.ts'
import { createRbacSource } from '../../kcp/auth/rbac-source.ts'
import { bootstrapApis, bootstrapRoot } from '../../kcp/bootstrap/bootstrap.ts'
import { createBindingEvents } from '../../kcp/controllers/binding-events.ts'
import { type ControllersDeps, startApiControllers, startControllers } from '../../kcp/controllers/controllers.ts'
import { createSharedInformers } from '../../kcp/controllers/shared-informers.ts'
import { createApiHandler } from '../../kcp/http/api-server.ts'
import { silentLog as silentHttpLog } from '../../kcp/http/log.ts'
import { createLoopbackTransport } from '../../kcp/http/loopback.ts'
import { createRegistry } from '../../kcp/registry/registry.ts'
import type { Admission } from '../../kcp/registry/resource.ts'
import { createServerAdmission } from '../../kcp/server-admission.ts'
import { createHomeFilter } from '../../kcp/server-home.ts'
import { createOwnWrites } from '../../kcp/server-own-writes.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'
import type { Store } from '../../kcp/storage/store.ts'
import { createCatalog, type WorkspaceCatalog } from '../../kcp/workspaces/catalog.ts'
import { type ClusterIndex, createClusterIndex } from '../../kcp/workspaces/cluster-index.ts'

export interface ControlPlaneOptions {
  readonly store?: Store
  readonly log?: Log
  readonly authorize?: Authorizer
  readonly admission?: Admission
  /** Every step of a new workspace is a write of its own. */
  readonly isStepwise?: boolean
}

export interface ControlPlane extends AsyncDisposable {
  readonly store: Store
  readonly index: ClusterIndex
  readonly catalog: WorkspaceCatalog
  /** Of a user; the default is a system master. */
  client(user?: UserInfo): Client
  /** Resolves when no controller has anything to do. */
  settled(): Promise<void>
}

export const systemMaster: UserInfo = {
  username: 'system:apiserver',
  groups: ['system:masters', 'system:authenticated'],
}

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const log = options.log ?? silentLog
  const stored = options.store ?? createMemoryStore()
  const rbac = createRbacSource(stored)
  const store = observeWrites(stored, key => rbac.written(key))
  const stopping = new AbortController()
  const { signal } = stopping
  const onFailure = (error: unknown) => log.error({ error }, 'index failed')
  const bindingsPrefix = customKeyPrefix('apis.kcp.io', 'apibindings', '')
  const read = async (suffix: string) => (await store.get(bindingsPrefix + suffix))?.value
  const bindings = createBindingEvents({ read, log, signal })
  const catalog = createCatalog({
    store,
    nativeTypes: nativeTypes(),
    systemTypes: systemTypes(),
    typesOfCrd,
    bindingsPrefix,
    bindingsSink: bindings.sink,
    crdsPrefix: '/registry/apiextensions.k8s.io/customresourcedefinitions/',
    signal,
    onFailure,
  })
  const logicalClustersPrefix = customKeyPrefix('core.kcp.io', 'logicalclusters', '')
  const index = createClusterIndex({ store, logicalClustersPrefix, signal, onFailure })
  const authorizers = createKcpAuthorizers({
    rbac,
    alwaysAllowPaths: [],
    getLogicalCluster: async name => index.logicalCluster(name),
    getPolicyCluster: async () => undefined,
  })
  const admission = createServerAdmission({
    store,
    index,
    catalog,
    authorizeDeep: authorizers.authorizeDeep,
    rbac,
  })
  const registry = createRegistry({ store, admission: options.admission ?? admission, annotatesCluster: true })
  const writes = createOwnWrites({ registry, catalog, now: () => new Date() })
  const handler = createApiHandler({
    registry,
    catalog,
    log: silentHttpLog,
    now: () => new Date(),
    authenticate: async () => undefined,
    authorize: options.authorize ?? authorizers.authorize,
    connectors: {},
    version: {
      major: '1',
      minor: '31',
      gitVersion: 'v1.31.0',
      gitCommit: '',
      gitTreeState: '',
      buildDate: '',
      goVersion: '',
      compiler: '',
      platform: '',
    },
    serverAddress: () => '127.0.0.1:6443',
    readiness: [],
    resolveCluster: index.resolve,
    beforeAuthorization: [
      createHomeFilter({
        client: () => client(),
        index,
        authorize: authorizers.authorize,
        externalUrl: () => 'https://kcp.test:6443',
        now: () => new Date(),
      }),
    ],
  })
  const client = (user = systemMaster) => createClient(createLoopbackTransport(handler, user))
  const loops = { log, clock: systemClock, random: Math.random }
  const deps: ControllersDeps = {
    ...loops,
    client: client(),
    informers: createSharedInformers(client().cluster('*'), loops),
    bindings,
    now: () => new Date(),
    randomBytes,
    signal,
    store,
    catalog,
    index,
    externalUrl: 'https://kcp.test:6443',
    virtualWorkspaceBases: () => ['https://kcp.test:6443'],
    ...(options.isStepwise ? {} : { births: { writes, newUid: randomUUID } }),
    serviceAccounts: {
      certificateAuthority: 'test',
      issueToken: async ({ cluster, name }) => `token of ${cluster} ${name}`,
    },
  }
  await Promise.all([catalog.synced, index.synced])
  const api = startApiControllers(deps)
  const { identities } = await bootstrapApis(deps)
  const rest = await startControllers(deps, identities)
  await bootstrapRoot(deps, {
    shardName: 'root',
    shardUrls: { baseUrl: deps.externalUrl, externalUrl: deps.externalUrl, virtualWorkspaceUrl: deps.externalUrl },
    homeCreatorGroups: ['system:authenticated'],
    workspaceTypesBattery: true,
    computeBattery: true,
  })
  return {
    store,
    index,
    catalog,
    client,
    async settled() {
      const loops = [...api, ...rest]
      // Twice, since what one loop wrote last may be on its way to another.
      for (let quiet = 0; quiet < 2; ) {
        await catalog.whenCurrent()
        await setImmediate()
        quiet = loops.every(loop => loop.isIdle) ? quiet + 1 : 0
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all([...api, ...rest].map(loop => loop.done))
      await deps.informers.ended()
    },
  }
}
