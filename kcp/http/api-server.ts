// The request path of a Kubernetes API server: filters, then discovery, OpenAPI, health and resources over a registry.
// Promises nothing about where types, users and permissions come from: those are options, so that kcp and a simulated
// physical cluster are both built from it. Leaves out: the listener and virtual workspaces.
import { randomInt, randomUUID } from 'node:crypto'
import type { Registry } from '../registry/registry.ts'
import type { Catalog } from '../registry/resource.ts'
import { createActiveWatches } from './active-watches.ts'
import type { Connector } from './connector.ts'
import { createDiscoveryHandler } from './discovery-handler.ts'
import { chain, type Handler } from './exchange.ts'
import { createFilters, type FilterOptions } from './filter-chain.ts'
import { createHealthHandler, type HealthCheck } from './health-handler.ts'
import { createOpenApiHandler } from './openapi-handler.ts'
import { createResourceHandler } from './resource-handler.ts'
import { pageNotFound } from './responses.ts'
import { createVersionHandler, type ServerVersion } from './version-handler.ts'
import { createWatchGroups } from './watch-group.ts'

export interface ApiServerOptions extends Omit<FilterOptions, 'newAuditId'> {
  readonly registry: Registry
  readonly catalog: Catalog
  readonly connectors: Readonly<Record<string, Connector>>
  readonly version: ServerVersion
  /** `host:port` for clients, in /api. */
  readonly serverAddress: () => string
  readonly readiness: readonly HealthCheck[]
}

const randomSteps = 2 ** 32

export function createApiHandler(options: ApiServerOptions): Handler {
  const { catalog, registry, now, connectors } = options
  const filters = createFilters({ ...options, newAuditId: randomUUID })
  const resources = createResourceHandler({
    registry,
    catalog,
    now,
    connectors,
    watches: createActiveWatches(catalog),
    groups: createWatchGroups(),
    random: () => randomInt(randomSteps) / randomSteps,
  })
  const discovery = createDiscoveryHandler(catalog, options.serverAddress)
  const openApi = createOpenApiHandler(catalog, options.version.gitVersion)
  const health = createHealthHandler(options.readiness)
  const version = createVersionHandler(options.version)

  const servesEveryPath = options.resolveCluster === undefined
  return chain(filters, async request => {
    // Where there are logical clusters, a path that names none leads to no resources.
    const hasCluster = servesEveryPath || request.cluster !== ''
    if (request.info?.isResource) return hasCluster ? resources(request) : pageNotFound()
    for (const handler of hasCluster ? [discovery, openApi, health, version] : [health, version]) {
      const response = await handler(request)
      if (response) return response
    }
    return pageNotFound()
  })
}
