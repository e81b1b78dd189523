// The kubeconfig of the server's administrators and the tokens in it. A restart keeps tokens, and everything people and
// the plugin added to the file. Leaves out: who these users are (auth/authenticators/static-tokens.ts).
import { createHash, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { isJsonObject, type JsonObject, type JsonValue } from '../../api/json.ts'
import { readFileIfPresent, writeSecretFile } from './root-directory.ts'

export interface AdminTokens {
  readonly kcpAdmin: string
  readonly shardAdmin: string
  /** Only with the battery `user`. */
  readonly user?: string
}

export interface AdminKubeconfigOptions {
  readonly kubeconfigPath: string
  readonly tokenStorePath: string
  /** https://host:port */
  readonly serverUrl: string
  /** PEM that clients trust. */
  readonly certificateAuthority: string
  readonly withUser: boolean
  readonly newToken: () => string
}

/** Reads the tokens of an earlier start or makes new ones, and writes both files. */
export async function ensureAdminKubeconfig(options: AdminKubeconfigOptions): Promise<AdminTokens> {
  const { kubeconfigPath, tokenStorePath } = options
  const kept = parseKubeconfig(kubeconfigPath, (await readFileIfPresent(kubeconfigPath))?.toString())
  const tokenHash = await readFileIfPresent(tokenStorePath)
  const shardAdmin = tokenHash ? keptShardAdmin(options, kept, tokenHash) : options.newToken()
  const keptUser = tokenHash ? tokenOf(kept, 'user') : ''
  const tokens: AdminTokens = {
    kcpAdmin: (tokenHash ? tokenOf(kept, 'kcp-admin') : '') || options.newToken(),
    shardAdmin,
    ...(options.withUser ? { user: keptUser || options.newToken() } : {}),
  }
  const merged = mergeKubeconfig(kept, adminEntries(options, tokens))
  await writeSecretFile(kubeconfigPath, stringify(merged, { lineWidth: 0 }))
  await writeSecretFile(tokenStorePath, sha256(shardAdmin))
  return tokens
}

function keptShardAdmin(options: AdminKubeconfigOptions, kept: JsonObject, tokenHash: Buffer): string {
  const { kubeconfigPath, tokenStorePath } = options
  const token = tokenOf(kept, 'shard-admin')
  if (token === '') {
    throw new Error(
      `cannot create the 'admin.kubeconfig' file with an empty token for the shard-admin user: ` +
        `restore ${kubeconfigPath}, or remove ${tokenStorePath} and restart to get new tokens`,
    )
  }
  const hash = sha256(token)
  if (tokenHash.length !== hash.length || !timingSafeEqual(hash, tokenHash)) {
    const [file, store] = [JSON.stringify(kubeconfigPath), JSON.stringify(tokenStorePath)]
    throw new Error(`admin token in file ${file} is not valid anymore. Remove file ${store} and restart KCP`)
  }
  return token
}

interface Entries {
  readonly clusters: Readonly<Record<string, JsonObject>>
  readonly users: Readonly<Record<string, JsonObject>>
  readonly contexts: Readonly<Record<string, JsonObject>>
}

function adminEntries(options: AdminKubeconfigOptions, tokens: AdminTokens): Entries {
  const authority = { 'certificate-authority-data': Buffer.from(options.certificateAuthority).toString('base64') }
  const entries = {
    clusters: {
      base: { ...authority, server: options.serverUrl },
      root: { ...authority, server: `${options.serverUrl}/clusters/root` },
    },
    users: { 'kcp-admin': { token: tokens.kcpAdmin }, 'shard-admin': { token: tokens.shardAdmin } },
    contexts: {
      base: { cluster: 'base', user: 'kcp-admin' },
      root: { cluster: 'root', user: 'kcp-admin' },
      'system:admin': { cluster: 'base', user: 'shard-admin' },
    },
  }
  if (tokens.user === undefined) return entries
  return {
    clusters: entries.clusters,
    users: { ...entries.users, user: { token: tokens.user } },
    contexts: { ...entries.contexts, user: { cluster: 'root', user: 'user' } },
  }
}

/** Own entries replace those of the same name; foreign ones stay, and follow the server to a new address. Pure. */
export function mergeKubeconfig(kept: JsonObject, own: Entries): JsonObject {
  const oldServer = serverOf(named(kept.clusters, 'cluster').get('base'))
  const newServer = serverOf(own.clusters.base)
  const clusters = named(kept.clusters, 'cluster')
  for (const [name, cluster] of clusters) {
    const server = serverOf(cluster)
    if (oldServer !== '' && `${server}/`.startsWith(`${oldServer}/`)) {
      clusters.set(name, { ...cluster, server: newServer + server.slice(oldServer.length) })
    }
  }
  const contexts = withOwn(named(kept.contexts, 'context'), own.contexts)
  const current = kept['current-context']
  return {
    apiVersion: 'v1',
    clusters: listed(withOwn(clusters, own.clusters), 'cluster'),
    contexts: listed(contexts, 'context'),
    'current-context': typeof current === 'string' && contexts.has(current) ? current : 'root',
    kind: 'Config',
    preferences: isJsonObject(kept.preferences) ? kept.preferences : {},
    users: listed(withOwn(named(kept.users, 'user'), own.users), 'user'),
  }
}

function withOwn(kept: Map<string, JsonObject>, own: Readonly<Record<string, JsonObject>>): Map<string, JsonObject> {
  return new Map([...kept, ...Object.entries(own)])
}

function named(list: JsonValue | undefined, member: string): Map<string, JsonObject> {
  const entries = (Array.isArray(list) ? list : []).filter(isJsonObject)
  return new Map(entries.map(entry => [String(entry.name), isJsonObject(entry[member]) ? entry[member] : {}]))
}

function listed(entries: Map<string, JsonObject>, member: string): JsonObject[] {
  const names = [...entries.keys()].sort()
  return names.map(name => ({ [member]: entries.get(name) ?? {}, name }))
}

function serverOf(cluster: JsonObject | undefined): string {
  return typeof cluster?.server === 'string' ? cluster.server : ''
}

function tokenOf(kubeconfig: JsonObject, user: string): string {
  const token = named(kubeconfig.users, 'user').get(user)?.token
  return typeof token === 'string' ? token : ''
}

function parseKubeconfig(path: string, text: string | undefined): JsonObject {
  if (text === undefined || text.trim() === '') return {}
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch (cause) {
    throw new Error(`${path} is no kubeconfig: mend or remove it`, { cause })
  }
  if (!isJsonObject(parsed)) throw new Error(`${path} is no kubeconfig: mend or remove it`)
  return parsed
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
