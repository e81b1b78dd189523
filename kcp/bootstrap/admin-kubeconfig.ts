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

export interface AdminFiles {
  readonly kubeconfigPath: string
  readonly tokenStorePath: string
}

/** The tokens of an earlier start, or new ones. Writes nothing. */
export async function loadAdminTokens(
  files: AdminFiles,
  options: { readonly withUser: boolean; readonly newToken: () => string },
): Promise<AdminTokens> {
  const kept = await readKubeconfig(files)
  const tokenHash = await readFileIfPresent(files.tokenStorePath)
  const { newToken } = options
  if (!tokenHash) {
    return { kcpAdmin: newToken(), shardAdmin: newToken(), ...(options.withUser ? { user: newToken() } : {}) }
  }
  return {
    kcpAdmin: tokenOf(kept, 'kcp-admin') || newToken(),
    shardAdmin: keptShardAdmin(files, kept, tokenHash),
    ...(options.withUser ? { user: tokenOf(kept, 'user') || newToken() } : {}),
  }
}

export interface KubeconfigServer {
  /** https://host:port */
  readonly url: string
  /** PEM that clients trust. */
  readonly certificateAuthority: string
}

/** Writes the kubeconfig and the hash that proves its token at the next start. */
export async function writeAdminKubeconfig(
  files: AdminFiles,
  server: KubeconfigServer,
  tokens: AdminTokens,
): Promise<void> {
  const merged = mergeKubeconfig(await readKubeconfig(files), adminEntries(server, tokens))
  await writeSecretFile(files.kubeconfigPath, stringify(merged, { lineWidth: 0 }))
  await writeSecretFile(files.tokenStorePath, sha256(tokens.shardAdmin))
}

function keptShardAdmin({ kubeconfigPath, tokenStorePath }: AdminFiles, kept: JsonObject, tokenHash: Buffer): string {
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

function adminEntries(server: KubeconfigServer, tokens: AdminTokens): Entries {
  const authority = { 'certificate-authority-data': Buffer.from(server.certificateAuthority).toString('base64') }
  const entries = {
    clusters: {
      base: { ...authority, server: server.url },
      root: { ...authority, server: `${server.url}/clusters/root` },
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

async function readKubeconfig({ kubeconfigPath: path }: AdminFiles): Promise<JsonObject> {
  const text = (await readFileIfPresent(path))?.toString()
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
