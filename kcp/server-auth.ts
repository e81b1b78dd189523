// Puts authentication and authorization of the server together: who its users are, and what is asked before they may act.
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Authenticator } from './auth/authenticator.ts'
import { createClientCertificateAuthenticator } from './auth/authenticators/client-certificates.ts'
import { createServiceAccountAuthenticator } from './auth/authenticators/service-account.ts'
import {
  createStaticTokenAuthenticator,
  parseTokenFile,
  type StaticToken,
} from './auth/authenticators/static-tokens.ts'
import { createAuthenticate } from './auth/authenticators/union.ts'
import { systemMastersGroup } from './auth/authorizers/always-allow.ts'
import { createKcpAuthorizers, type KcpAuthorizers } from './auth/authorizers/chain.ts'
import { kcpAdminGroup } from './auth/authorizers/gate.ts'
import { bootstrapScope, localScope } from './auth/authorizers/rbac-authorizer.ts'
import type { ExportPolicies } from './auth/export-policies.ts'
import type { RbacSource } from './auth/rbac-source.ts'
import { createReviews } from './auth/reviews/reviews.ts'
import type { StoredAccounts } from './auth/stored-accounts.ts'
import { createTokenIssuer, kcpTokenIssuer, type TokenIssuer } from './auth/tokens/token-issuer.ts'
import { createRequestToken } from './auth/tokens/token-request.ts'
import type { AdminTokens } from './bootstrap/admin-kubeconfig.ts'
import type { Connector } from './http/connector.ts'
import { createAuthConnectors } from './http/connectors/auth-connectors.ts'
import type { WorkspaceCatalog } from './workspaces/catalog.ts'
import type { ClusterIndex } from './workspaces/cluster-index.ts'

export interface ServerAuthDeps {
  readonly accounts: StoredAccounts
  readonly rbac: RbacSource
  readonly policies: ExportPolicies
  readonly index: Pick<ClusterIndex, 'logicalCluster' | 'whenCurrent'>
  readonly catalog: Pick<WorkspaceCatalog, 'boundExport'>
  readonly serviceAccountKey: KeyObject
  readonly staticTokens: readonly StaticToken[]
  readonly alwaysAllowPaths: readonly string[]
  readonly now: () => Date
  readonly newId: () => string
}

export interface ServerAuth extends KcpAuthorizers {
  readonly authenticate: Authenticator
  readonly tokenIssuer: TokenIssuer
  readonly connectors: Readonly<Record<string, Connector>>
}

export function createServerAuth(deps: ServerAuthDeps): ServerAuth {
  const { accounts, rbac, now, newId, serviceAccountKey: key } = deps
  const audiences = [kcpTokenIssuer]
  const authenticate = createAuthenticate([
    createStaticTokenAuthenticator(deps.staticTokens),
    createClientCertificateAuthenticator(),
    createServiceAccountAuthenticator({ key, issuer: kcpTokenIssuer, audiences, lookups: accounts, now }),
  ])
  const authorizers = createKcpAuthorizers({
    rbac,
    alwaysAllowPaths: deps.alwaysAllowPaths,
    getLogicalCluster: cluster => readyLogicalCluster(deps.index, cluster),
    getPolicyCluster: (cluster, group, resource) => {
      const bound = deps.catalog.boundExport(cluster, group, resource)
      if (!bound) return undefined
      const { exportCluster, exportName } = bound
      return deps.policies.hasLocalPolicy(exportCluster, exportName).then(has => (has ? exportCluster : undefined))
    },
  })
  const tokenIssuer = createTokenIssuer({ key, issuer: kcpTokenIssuer, now, newId })
  const reviews = createReviews({
    authenticate,
    authorize: authorizers.authorize,
    rbac,
    audiences,
    scopesOf: cluster => [bootstrapScope, localScope(cluster)],
  })
  const requestToken = createRequestToken({ issuer: tokenIssuer, accounts })
  return { ...authorizers, authenticate, tokenIssuer, connectors: createAuthConnectors({ reviews, requestToken }) }
}

/** The index may be a moment behind: a cluster is refused only by one that has seen every write before the request. */
function readyLogicalCluster(index: ServerAuthDeps['index'], cluster: string) {
  const known = index.logicalCluster(cluster)
  if (known && known.phase !== 'Scheduling') return known
  return index.whenCurrent().then(() => index.logicalCluster(cluster))
}

/** The administrators of the kubeconfig, and the users of --token-auth-file. */
export async function readStaticTokens(
  tokens: AdminTokens,
  options: { readonly tokenAuthFile: string; readonly newId: () => string },
): Promise<StaticToken[]> {
  const { tokenAuthFile: file, newId } = options
  const admin = (token: string, username: string, groups: string[]): StaticToken => ({
    token,
    user: { username, uid: newId(), groups },
  })
  return [
    admin(tokens.shardAdmin, 'shard-admin', [systemMastersGroup]),
    admin(tokens.kcpAdmin, 'kcp-admin', [kcpAdminGroup]),
    ...(tokens.user === undefined ? [] : [admin(tokens.user, 'user', [])]),
    ...(file === '' ? [] : parseTokenFile(file, await readFile(file, 'utf8'))),
  ]
}
