// What every command of the plugin gets to work with. Commands are functions of this and their flags; they write through
// `out` and `err` and throw CommandError (or StatusError) for whatever main.ts prints as the one error line.
import type { Client } from '../api-client/client.ts'
import type { LoadedKubeconfig } from '../api-client/kubeconfig/load.ts'
import type { KubeconfigChange } from '../api-client/kubeconfig/update.ts'

/** Flags that choose server and user, as kubectl has them. */
export interface ConnectionFlags {
  kubeconfig?: string | undefined
  context?: string | undefined
  server?: string | undefined
  token?: string | undefined
  user?: string | undefined
  namespace?: string | undefined
  insecureSkipTlsVerify?: boolean | undefined
  certificateAuthority?: string | undefined
  tlsServerName?: string | undefined
  as?: string | undefined
}

export interface Connection {
  /** Paths start at the base URL; use `.cluster(path)`. */
  client: Client
  /** scheme://host:port. */
  base: string
  /** Of the server URL in use; undefined when it points to no workspace. */
  workspace: string | undefined
  /** The URL as the kubeconfig has it. */
  server: string
  /** PEM of the CA the kubeconfig trusts, base64; empty when none is given. */
  caData: string
  [Symbol.asyncDispose](): Promise<void>
}

export interface CommandContext {
  out(text: string): void
  err(text: string): void
  readKubeconfig(): Promise<LoadedKubeconfig>
  /** Writes entries back to the files they came from. */
  writeKubeconfig(loaded: LoadedKubeconfig, change: KubeconfigChange): Promise<void>
  /** Connects as the flags say; `server` overrides the server of the kubeconfig. */
  connect(server?: string): Promise<Connection>
  flags: ConnectionFlags
  now(): Date
  signal: AbortSignal
}

/** A failure whose text is all the user needs. */
export class CommandError extends Error {}

/** The workspace a connection points to, or the error that says how to get one. */
export function currentWorkspace(connection: Pick<Connection, 'workspace' | 'server'>): string {
  if (connection.workspace === undefined) {
    throw new CommandError(
      `current URL "${connection.server}" does not point to a workspace; use 'kubectl config use-context root' or --context`,
    )
  }
  return connection.workspace
}
