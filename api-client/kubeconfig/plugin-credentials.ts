// Credentials that a program (exec) or a provider makes. Loads @kubernetes/client-node, which is slow: only on demand.
import type { Clock } from '../clock.ts'
import type { TlsSettings } from '../transport/undici-transport.ts'
import { renewedToken, type TokenSource } from '../transport/with-token.ts'
import type { ClusterEntry, UserEntry } from './kubeconfig.ts'

export interface PluginCredentials {
  /** Certificate and key, when the plugin makes such. */
  readonly tls: TlsSettings
  readonly token?: TokenSource
}

/** client-node runs the program again once what it made has expired. */
const askAgainMs = 60_000

export async function pluginCredentials(
  entries: { cluster: ClusterEntry; user: UserEntry },
  clock: Pick<Clock, 'now'>,
): Promise<PluginCredentials> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: entries.cluster }],
      users: [{ name: 'u', user: entries.user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )
  const ask = async () => {
    const options: { headers: Record<string, string>; cert?: unknown; key?: unknown } = { headers: {} }
    await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0])
    return options
  }
  const first = await ask()
  const token = (options: { headers: Record<string, string> }) =>
    (options.headers.Authorization ?? options.headers.authorization ?? '').replace(/^Bearer /, '')
  const read = async () => ({ token: token(await ask()), expiresAtMs: clock.now() + askAgainMs })
  return {
    tls: { ...(first.cert ? { cert: String(first.cert) } : {}), ...(first.key ? { key: String(first.key) } : {}) },
    ...(token(first) === '' ? {} : { token: renewedToken(read, clock) }),
  }
}
