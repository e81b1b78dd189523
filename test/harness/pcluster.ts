// A simulated physical cluster in this process, in a directory of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '../../api-client/client.ts'
import { connectClient } from '../../api-client/connect.ts'
import { loadKubeconfig } from '../../api-client/kubeconfig/load.ts'
import { type ClientConfig, clientConfigOf, resolveContext } from '../../api-client/kubeconfig/resolve.ts'
import { silentLog } from '../../api-client/log.ts'
import type { Transport } from '../../api-client/transport/transport.ts'
import { startPcluster } from '../../pcluster/pcluster.ts'

export interface TestPcluster extends AsyncDisposable {
  readonly url: string
  readonly config: ClientConfig
  /** As its admin. */
  readonly client: Client
  readonly transport: Transport
}

export async function startTestPcluster(): Promise<TestPcluster> {
  const parts = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'pcluster-test-'))
  parts.defer(() => rm(directory, { recursive: true, force: true }))
  const { url, kubeconfigPath, ...running } = await startPcluster(pclusterOptions(join(directory, 'east')), silentLog)
  parts.defer(() => running[Symbol.asyncDispose]())
  const kubeconfig = await loadKubeconfig({ explicitPath: kubeconfigPath, env: {}, homeDirectory: '' })
  const config = await clientConfigOf(resolveContext(kubeconfig))
  const connection = connectClient(config, { userAgent: 'test' })
  parts.defer(() => connection[Symbol.asyncDispose]())
  const { client, transport } = connection
  return { url, config, client, transport, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

export function pclusterOptions(directory: string): Parameters<typeof startPcluster>[0] {
  return {
    name: 'east',
    directory,
    bindAddress: '127.0.0.1',
    securePort: 0,
    externalHostname: '127.0.0.1',
    startDelayMs: 10,
    failImage: undefined,
    localImages: [],
    logFormat: 'text',
    verbosity: 0,
  }
}
