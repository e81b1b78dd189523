// From the store to the handler: knowledge, policy, registry and the request path, connected. Nothing runs before it is
// asked, except what follows the store. Leaves out: listening, bootstrap and controllers.
import { type KeyObject, randomUUID } from 'node:crypto'
import type { Client } from '../api-client/client.ts'
import { systemClock } from '../api-client/clock.ts'
import { createClient } from '../api-client/resources/rest-client.ts'
import { nativeTypes } from './apis/native-types.ts'
import type { StaticToken } from './auth/authenticators/static-tokens.ts'
import type { OwnWrites } from './controllers/own-writes.ts'
import { createApiHandler } from './http/api-server.ts'
import type { Handler } from './http/exchange.ts'
import type { HealthCheck } from './http/health-handler.ts'
import { createInProcessClient } from './http/in-process-client.ts'
import { createLoopbackTransport } from './http/loopback.ts'
import { createRegistry } from './registry/registry.ts'
import { createServerAdmission } from './server-admission.ts'
import { createServerAuth, type ServerAuth } from './server-auth.ts'
import { createHomeFilter } from './server-home.ts'
import { createKnowledge, type Knowledge, type KnowledgeOptions } from './server-knowledge.ts'
import { createOwnWrites, serverUser } from './server-own-writes.ts'
import type { Store } from './storage/store.ts'
import { versionInfo } from './version.ts'
import { createVirtualWorkspaces } from './virtual/virtual-workspaces.ts'
import type { WorkspaceCatalog } from './workspaces/catalog.ts'
import type { ClusterIndex } from './workspaces/cluster-index.ts'

export interface CoreOptions extends KnowledgeOptions {
  readonly now: () => Date
  readonly serviceAccountKey: KeyObject
  readonly staticTokens: readonly StaticToken[]
  readonly alwaysAllowPaths: readonly string[]
  readonly readiness: readonly HealthCheck[]
  /** host:port for clients; asked when a request needs it. */
  readonly serverAddress: () => string
  /** Where clients reach this server, without a slash at the end. */
  readonly externalUrl: () => string
  readonly homeWorkspaces: boolean
  readonly virtualWorkspaces: boolean
}

export interface ServerCore {
  readonly store: Store
  readonly catalog: WorkspaceCatalog
  readonly index: ClusterIndex
  readonly bindings: Knowledge['bindings']
  readonly computeBindings: Knowledge['computeBindings']
  readonly auth: ServerAuth
  readonly handler: Handler
  /** May do everything, in every logical cluster, without leaving the process. */
  readonly client: Client
  readonly ownWrites: OwnWrites
  /** Virtual workspaces serve from now on; `identities`: of kcp's own APIs. */
  startServices(identities: Readonly<Record<string, string>>): void
}

export function createServerCore(options: CoreOptions): ServerCore {
  const { logs, now, signal } = options
  const knowledge = createKnowledge(options)
  const { store, rbac, index, catalog, bindings, computeBindings, workspaceTypes } = knowledge
  const auth = createServerAuth({ ...options, ...knowledge, newId: randomUUID })
  const admission = createServerAdmission({
    store,
    index,
    catalog,
    workspaceTypes,
    authorizeDeep: auth.authorizeDeep,
    rbac,
  })
  const registry = createRegistry({ store, admission, annotatesCluster: true })
  const services = createVirtualWorkspaces({
    client: () => client,
    catalog,
    authorize: auth.authorize,
    resolve: index.resolve,
    nativeTypes: nativeTypes(),
    log: logs.part('virtual'),
    clock: systemClock,
    random: Math.random,
    signal,
  })
  const home = { client: () => client, index, authorize: auth.authorize }
  const handler = createApiHandler({
    log: logs.part('http'),
    authenticate: auth.authenticate,
    authorize: auth.authorize,
    resolveCluster: index.resolve,
    beforeAuthorization: options.homeWorkspaces ? [createHomeFilter({ ...options, ...home })] : [],
    ...(options.virtualWorkspaces ? { services: services.handler } : {}),
    registry,
    catalog,
    now,
    connectors: auth.connectors,
    version: versionInfo,
    serverAddress: options.serverAddress,
    readiness: options.readiness,
  })
  const requests = createClient(createLoopbackTransport(handler, serverUser))
  const local = { registry, catalog, resolveCluster: index.resolve, now, user: serverUser }
  const client = createInProcessClient({ ...local, requests })
  const ownWrites = createOwnWrites({ registry, catalog, now })
  const known = { store, catalog, index, bindings, computeBindings }
  return { ...known, auth, handler, client, ownWrites, startServices: services.start }
}
