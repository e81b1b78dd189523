// The configuration of a pod: the API server's address from the environment, credentials of its service account from
// the usual folder, or from the one that KCP_SERVICE_ACCOUNT_DIRECTORY names (for pods that run as local processes).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientConfig } from './resolve.ts'

export const serviceAccountDirectoryVariable = 'KCP_SERVICE_ACCOUNT_DIRECTORY'
const serviceAccountDirectoryDefault = '/var/run/secrets/kubernetes.io/serviceaccount'

export async function inClusterConfig(env: Readonly<Record<string, string | undefined>>): Promise<ClientConfig> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (!host || !port) {
    throw new Error(
      'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
    )
  }
  const directory = env[serviceAccountDirectoryVariable] || serviceAccountDirectoryDefault
  const ca = await readFile(join(directory, 'ca.crt'), 'utf8')
  const tokenPath = join(directory, 'token')
  await readFile(tokenPath, 'utf8')
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: { ca },
    credentials: { type: 'token-file', path: tokenPath },
  }
}
