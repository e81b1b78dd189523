// Starts a kcp in this process on a free port with its own directory, for tests. The store is in memory unless asked;
// it is silent unless KCP_DEBUG names parts of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '../../api-client/client.ts'
import { silentLog } from '../../api-client/log.ts'
import { createClient } from '../../api-client/resources/rest-client.ts'
import { connectServer } from '../../api-client/transport/undici-transport.ts'
import { fixedToken, withToken } from '../../api-client/transport/with-token.ts'
import { createLogSource } from '../../kcp/log.ts'
import { parseStartOptions } from '../../kcp/options.ts'
import { type RunningKcp, startKcp } from '../../kcp/server.ts'
import { createMemoryStore } from '../../kcp/storage/memory-store.ts'

export interface TestKcp extends RunningKcp {
  readonly kubeconfigPath: string
  /** As kcp-admin, at the address without a logical cluster. */
  readonly admin: Client
  /** As shard-admin. */
  readonly masters: Client
}

export interface TestKcpOptions {
  /** After `kcp start`. */
  readonly args?: readonly string[]
  /** Keeps everything here, in a real store; the caller removes it. */
  readonly directory?: string
  /** Resolve before it is ready. */
  readonly early?: boolean
}

export async function startTestKcp(options: TestKcpOptions = {}): Promise<TestKcp> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'kcp-test-')))
  const args = ['--secure-port=0', '--bind-address=127.0.0.1', `--root-directory=${directory}`, ...(options.args ?? [])]
  const parsed = parseStartOptions(args, { workingDirectory: directory, environment: process.env })
  const isAsked = process.env.KCP_DEBUG !== undefined
  const logs = isAsked ? createLogSource(parsed.logging, process.stderr) : { part: () => silentLog }
  const inMemory = options.directory === undefined ? { openStore: async () => createMemoryStore() } : {}
  const running = await startKcp(parsed, { logs, ...inMemory })
  if (!options.early) await running.ready
  const connection = connectServer(running.url, { tls: { ca: running.certificateAuthority } })
  const clientWith = (token: string): Client => createClient(withToken(connection.transport, fixedToken(token)))
  return {
    ...running,
    kubeconfigPath: parsed.kubeconfigPath,
    admin: clientWith(running.tokens.kcpAdmin),
    masters: clientWith(running.tokens.shardAdmin),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]()
      await running[Symbol.asyncDispose]()
      if (options.directory === undefined) await rm(directory, { recursive: true })
    },
  }
}
