// Connects home workspaces with what they ask: types, permission to have one, and the request path.
import type { Client } from '../api-client/client.ts'
import { createTypeLookup } from './admission/type-lookup.ts'
import type { Authorizer } from './auth/authorizer.ts'
import { createFindHome } from './controllers/home-workspace/home-workspaces.ts'
import type { Filter } from './http/exchange.ts'
import { withHomeWorkspaces } from './http/filters/with-home-workspaces.ts'
import { createRead, isAllowed } from './server-admission.ts'
import type { ClusterIndex } from './workspaces/cluster-index.ts'

export interface ServerHomeDeps {
  /** Asked only while requests are served, so it may be made later. */
  readonly client: () => Client
  readonly index: ClusterIndex
  readonly authorize: Authorizer
  readonly externalUrl: () => string
  readonly now: () => Date
}

export function createHomeFilter(deps: ServerHomeDeps): Filter {
  const { client, index, authorize } = deps
  const create = { cluster: 'root', verb: 'create', group: 'tenancy.kcp.io', resource: 'workspaces', name: '~' }
  const find = createFindHome({
    ...deps,
    findType: createTypeLookup({ index, read: createRead(client) }),
    mayCreate: user => isAllowed(authorize, { ...create, user }),
  })
  return withHomeWorkspaces(find)
}
