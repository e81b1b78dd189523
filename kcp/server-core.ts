// From the store to the handler: types, policy, registry and the request path, connected. Nothing runs before it is asked,
// except what follows the store. Leaves out: listening, bootstrap and controllers.
import type { KeyObject } from 'node:crypto'
import { randomUUID } from 'node:crypto'
import type { Client } from '../api-client/client.ts'
import { systemClock } from '../api-client/clock.ts'
import { createClient } from '../api-client/resources/rest-client.ts'
import { typesOfCrd } from './apis/custom-type.ts'
import { systemTypes } from './apis/kcp-types.ts'
import { nativeTypes } from './apis/native-types.ts'
import type { StaticToken } from './auth/authenticators/static-tokens.ts'
import { systemMastersGroup } from './auth/authorizers/always-allow.ts'
import { createExportPolicies } from './auth/export-policies.ts'
import { observeWrites } from './auth/observed-store.ts'
import { createRbacSource } from './auth/rbac-source.ts'
import { createStoredAccounts } from './auth/stored-accounts.ts'
import { createApiHandler } from './http/api-server.ts'
import type { Handler } from './http/exchange.ts'
import type { HealthCheck } from './http/health-handler.ts'
import { createLoopbackTransport } from './http/loopback.ts'
import type { LogSource } from './log.ts'
import { createRegistry } from './registry/registry.ts'
import type { ResourceType } from './registry/resource.ts'
import { createServerAdmission } from './server-admission.ts'
import { createServerAuth, type ServerAuth } from './server-auth.ts'
import { createHomeFilter } from './server-home.ts'
import type { Store } from './storage/store.ts'
import { versionInfo } from './version.ts'
import { createVirtualWorkspaces } from './virtual/virtual-workspaces.ts'
import { createCatalog, type WorkspaceCatalog } from './workspaces/catalog.ts'
import { type ClusterIndex, createClusterIndex } from './workspaces/cluster-index.ts'

export interface CoreOptions {
  readonly stored: Store
  readonly logs: LogSource
  readonly now: () => Date
  /** Fires when the server stops. */
  readonly signal: AbortSignal
  readonly serviceAccountKey: KeyObject
  readonly staticTokens: readonly StaticToken[]
  readonly alwaysAllowPaths: readonly string[]
  readonly readiness: readonly HealthCheck[]
  /** host:port for clients; asked when a request needs it. */
  readonly serverAddress: () => string
  /** Where clients reach this server, without a slash at the end. */
  readonly externalUrl: () => string
  readonly homeWorkspaces: boolean
}

export interface ServerCore {
  readonly store: Store
  readonly catalog: WorkspaceCatalog
  readonly index: ClusterIndex
  readonly auth: ServerAuth
  readonly handler: Handler
  /** May do everything, in every logical cluster, without leaving the process. */
  readonly client: Client
  /** Virtual workspaces serve from now on; `identities`: of kcp's own APIs. */
  startServices(identities: Readonly<Record<string, string>>): void
}

export function createServerCore(options: CoreOptions): ServerCore {
  const { stored, logs, now, signal } = options
  const rbac = createRbacSource(stored)
  const policies = createExportPolicies(stored)
  const accounts = createStoredAccounts(stored)
  const store = observeWrites(stored, key => {
    rbac.written(key)
    policies.written(key)
    accounts.written(key)
  })
  const followed = { store, signal, onFailure: reportTo(logs, 'follow') }
  const catalog = createCatalog({
    ...followed,
    nativeTypes: nativeTypes(),
    systemTypes: systemTypes(),
    typesOfCrd,
    bindingsPrefix: prefixOf(systemTypes(), 'apis.kcp.io', 'apibindings'),
    crdsPrefix: prefixOf(nativeTypes(), 'apiextensions.k8s.io', 'customresourcedefinitions'),
  })
  const index = createClusterIndex({
    ...followed,
    logicalClustersPrefix: prefixOf(systemTypes(), 'core.kcp.io', 'logicalclusters'),
  })
  const auth = createServerAuth({ ...options, accounts, rbac, policies, index, catalog, newId: randomUUID })
  const admission = createServerAdmission({
    client: () => client,
    index,
    catalog,
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
    services: services.handler,
    registry,
    catalog,
    now,
    connectors: auth.connectors,
    version: versionInfo,
    serverAddress: options.serverAddress,
    readiness: options.readiness,
  })
  const loopback = createLoopbackTransport(handler, { username: 'system:apiserver', groups: [systemMastersGroup] })
  const client = createClient(loopback)
  return { store, catalog, index, auth, handler, client, startServices: services.start }
}

function prefixOf(types: readonly ResourceType[], group: string, resource: string): string {
  const type = types.find(each => each.group === group && each.resource === resource)
  if (!type) throw new Error(`${resource}.${group} is not served`)
  return type.keyPrefix
}

function reportTo(logs: LogSource, part: string): (error: unknown) => void {
  const log = logs.part(part)
  return error => log.warn({ err: error }, 'reading everything again after a failure')
}
