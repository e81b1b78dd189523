// From a kubeconfig to what a connection needs: the chosen context, its server, its credentials.
import { readFile } from 'node:fs/promises'
import type { TlsSettings } from '../transport/undici-transport.ts'
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './kubeconfig.ts'

export type Credentials =
  | { readonly type: 'none' }
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'token-file'; readonly path: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  /** A program or provider that makes them: run by @kubernetes/client-node. */
  | { readonly type: 'plugin'; readonly cluster: ClusterEntry; readonly user: UserEntry }

export interface ClientConfig {
  /** URL, maybe with a path, without a slash at its end. */
  readonly server: string
  readonly tls: TlsSettings
  readonly credentials: Credentials
  /** The context's namespace. */
  readonly namespace?: string
}

/** What a user's flags put over the kubeconfig. */
export interface KubeconfigOverrides {
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly insecureSkipTlsVerify?: boolean | undefined
  readonly certificateAuthority?: string | undefined
  readonly namespace?: string | undefined
}

export interface ResolvedContext {
  readonly contextName: string
  readonly context: ContextEntry
  readonly cluster: ClusterEntry
  readonly user: UserEntry
}

export function resolveContext(config: Kubeconfig, overrides: KubeconfigOverrides = {}): ResolvedContext {
  const contextName = overrides.context || config['current-context']
  const context = config.contexts.get(contextName)
  if (contextName !== '' && !context) throw new Error(`context "${contextName}" does not exist`)
  const clusterName = overrides.cluster || context?.cluster || ''
  const userName = overrides.user || context?.user || ''
  const cluster = clusterName === '' ? {} : config.clusters.get(clusterName)
  const user = userName === '' ? {} : config.users.get(userName)
  if (!cluster) throw new Error(`cluster "${clusterName}" does not exist`)
  if (!user) throw new Error(`auth info "${userName}" does not exist`)
  return {
    contextName,
    context: { ...context, ...(overrides.namespace ? { namespace: overrides.namespace } : {}) },
    cluster: { ...cluster, ...clusterOverrides(overrides) },
    user: overrides.token ? { token: overrides.token } : user,
  }
}

function clusterOverrides(overrides: KubeconfigOverrides): ClusterEntry {
  const { server, insecureSkipTlsVerify, certificateAuthority } = overrides
  return {
    ...(server ? { server } : {}),
    ...(insecureSkipTlsVerify
      ? { 'insecure-skip-tls-verify': true, 'certificate-authority': '', 'certificate-authority-data': '' }
      : {}),
    ...(certificateAuthority
      ? { 'certificate-authority': certificateAuthority, 'certificate-authority-data': '' }
      : {}),
  }
}

export async function clientConfigOf(resolved: ResolvedContext): Promise<ClientConfig> {
  const { cluster, user, context } = resolved
  const server = (cluster.server ?? '').replace(/\/+$/, '')
  if (server === '') {
    throw new Error('invalid configuration: no configuration has been provided, try setting KUBECONFIG or --kubeconfig')
  }
  const url = server.includes('://') ? server : `http://${server}`
  if (!URL.canParse(url)) throw new Error(`invalid server "${server}" in the kubeconfig`)
  return {
    server: url,
    tls: await tlsSettings(cluster, user),
    credentials: credentialsOf(cluster, user),
    ...(context.namespace ? { namespace: context.namespace } : {}),
  }
}

async function tlsSettings(cluster: ClusterEntry, user: UserEntry): Promise<TlsSettings> {
  const ca = await inlineOrFile(cluster, 'certificate-authority')
  const cert = await inlineOrFile(user, 'client-certificate')
  const key = await inlineOrFile(user, 'client-key')
  const serverName = cluster['tls-server-name']
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName ? { serverName } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { insecureSkipVerify: true } : {}),
  }
}

async function inlineOrFile(entry: Record<string, unknown>, member: string): Promise<string | undefined> {
  const inline = entry[`${member}-data`]
  if (typeof inline === 'string' && inline !== '') return Buffer.from(inline, 'base64').toString('utf8')
  const path = entry[member]
  if (typeof path !== 'string' || path === '') return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Error(`unable to read ${member} ${path}: ${error instanceof Error ? error.message : error}`)
  }
}

function credentialsOf(cluster: ClusterEntry, user: UserEntry): Credentials {
  if (user.tokenFile) return { type: 'token-file', path: user.tokenFile }
  if (user.token) return { type: 'token', token: user.token }
  if (user.username) return { type: 'basic', username: user.username, password: user.password ?? '' }
  if (user.exec || user['auth-provider']) return { type: 'plugin', cluster, user }
  return { type: 'none' }
}
