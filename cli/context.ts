// Builds the CommandContext of a real process: kubeconfig files, a connection, standard streams. The only file of the plugin
// that reads the environment.
import { homedir } from 'node:os'
import { connectClient } from '../api-client/connect.ts'
import { loadKubeconfig } from '../api-client/kubeconfig/load.ts'
import { clientConfigOf, resolveContext } from '../api-client/kubeconfig/resolve.ts'
import { updateKubeconfig } from '../api-client/kubeconfig/update.ts'
import { userAgentOf } from '../api-client/transport/with-user-agent.ts'
import type { CommandContext, Connection, ConnectionFlags } from './command.ts'
import { parseWorkspaceUrl } from './workspace-url.ts'

export interface ProcessContext {
  program: string
  version: string
  flags: ConnectionFlags
  signal: AbortSignal
}

export function createContext({ program, version, flags, signal }: ProcessContext): CommandContext {
  const sources = { explicitPath: flags.kubeconfig, env: process.env, homeDirectory: homedir() }
  const readKubeconfig = () => loadKubeconfig(sources)
  return {
    flags,
    signal,
    readKubeconfig,
    writeKubeconfig: updateKubeconfig,
    now: () => new Date(),
    out: text => process.stdout.write(text),
    err: text => process.stderr.write(text),
    async connect(server) {
      const resolved = resolveContext(await readKubeconfig(), { ...flags, server: server ?? flags.server })
      const config = await clientConfigOf(resolved)
      return connectionTo(config, userAgentOf(program, version))
    },
  }
}

async function connectionTo(
  config: Awaited<ReturnType<typeof clientConfigOf>>,
  userAgent: string,
): Promise<Connection> {
  const { base, workspace } = parseWorkspaceUrl(config.server)
  const connection = connectClient({ ...config, server: base }, { userAgent })
  return {
    client: connection.client,
    base,
    workspace,
    server: config.server,
    caData: config.tls.ca === undefined ? '' : Buffer.from(config.tls.ca, 'utf8').toString('base64'),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}
