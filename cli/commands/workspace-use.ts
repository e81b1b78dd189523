// `kubectl ws [NAME|-|..|.|~]`: moves between workspaces like cd, and says where one is.
import { homedir } from 'node:os'
import { baseName, isClusterPath, parentPath } from '../../api/names/cluster-path.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isForbidden, isNotFound, StatusError } from '../../api/status-error.ts'
import { type CommandContext, CommandError, type Connection, currentWorkspace } from '../command.ts'
import { besideObjects, formatObject, type OutputFormat } from '../output.ts'
import { apiBindings, logicalClusters, workspaces } from '../resources.ts'
import { currentEntry, serverOfChange, swapPrevious, switchServer } from '../switch-context.ts'
import { parseWorkspaceUrl, workspaceUrl } from '../workspace-url.ts'
import { unacceptedClaims } from './permission-claims.ts'

const homeNote =
  "Note: 'kubectl ws' now matches 'cd' semantics: go to home workspace. 'kubectl ws -' to go back. 'kubectl ws .' to print current workspace."

export interface UseOptions {
  short: boolean
  /** Print the workspace's LogicalCluster; with `name` its path. */
  output?: OutputFormat | undefined
}

export type WorkspaceObject = KubeObject & {
  spec?: { type?: { name?: string; path?: string }; cluster?: string; URL?: string }
  status?: { phase?: string }
}

export async function useWorkspace(context: CommandContext, name: string, options: UseOptions): Promise<void> {
  const { output } = options
  if (name === '.') {
    const server = await currentServer(context)
    return output ? printObject(context, server, output) : printServer(context, server, '', options)
  }
  const server = await moveTo(besideObjects(context, output), name, options)
  if (output) await printObject(context, server, output)
}

async function moveTo(context: CommandContext, name: string, options: UseOptions): Promise<string> {
  if (name === '-') {
    const config = await context.readKubeconfig()
    const change = swapPrevious(config)
    await context.writeKubeconfig(config, change)
    const server = serverOfChange(change)
    await using connection = await context.connect(server)
    await warnAboutClaims(context, connection)
    printServer(context, server, '', options)
    return server
  }
  await using connection = await context.connect()
  return enterWorkspace(context, connection, name, options)
}

/** Switches the kubeconfig to a workspace, checks it can be entered, and prints it. Answers its server URL. */
export async function enterWorkspace(
  context: CommandContext,
  connection: Connection,
  name: string,
  options: UseOptions,
): Promise<string> {
  const { server, type } = await resolveServer(connection, name)
  const config = await context.readKubeconfig()
  await context.writeKubeconfig(config, switchServer(config, server, context.flags.context))
  await using entered = await context.connect(server)
  await warnAboutClaims(context, entered)
  if (isHome(name) && !options.short && name === '') context.out(`${homeNote}\n`)
  printServer(context, server, type, options)
  return server
}

/** An unquoted `~` arrives as the home directory: the shell has expanded it. */
function isHome(name: string): boolean {
  return name === '' || name === '~' || name === homedir()
}

async function resolveServer(connection: Connection, name: string): Promise<{ server: string; type: string }> {
  const { client, base } = connection
  if (isHome(name)) return { server: await homeServer(connection), type: '' }
  if (name === '..') return { server: parentServer(connection), type: '' }
  if (!isClusterPath(name)) throw new CommandError(`invalid workspace name format: ${name}`)
  if (name === 'root' || name.startsWith('system:')) return { server: workspaceUrl(base, name), type: '' }
  if (name.includes(':')) {
    await checkPath(connection, name)
    return { server: workspaceUrl(base, name), type: '' }
  }
  const current = currentWorkspace(connection)
  const workspace = await client.cluster(current).get<WorkspaceObject>(workspaces, { name })
  if (workspace.status?.phase !== 'Ready') throw new CommandError(`workspace "${name}" is not ready`)
  return { server: workspaceUrl(base, `${current}:${name}`), type: typeOf(workspace) }
}

/** `root:universal`, or '' when the type is not known. */
export function typeOf(workspace: WorkspaceObject): string {
  const { name, path } = workspace.spec?.type ?? {}
  if (!name) return ''
  return path ? `${path}:${name}` : name
}

export async function homeServer(connection: Connection): Promise<string> {
  const home = await connection.client.cluster('root').get<WorkspaceObject>(workspaces, { name: '~' })
  const cluster = home.spec?.URL === undefined ? home.spec?.cluster : parseWorkspaceUrl(home.spec.URL).workspace
  if (cluster === undefined) throw new CommandError('the server did not say where the home workspace is')
  return workspaceUrl(connection.base, cluster)
}

function parentServer(connection: Connection): string {
  const current = currentWorkspace(connection)
  if (current.startsWith('system:')) return connection.server
  const parent = parentPath(current)
  if (parent !== undefined) return workspaceUrl(connection.base, parent)
  throw new CommandError(
    current === 'root' ? 'current workspace is "root"' : `current workspace is "${current}", which has no parent`,
  )
}

async function checkPath(connection: Connection, path: string): Promise<void> {
  const { client } = connection
  try {
    await client.cluster(parentPath(path) ?? '').get(workspaces, { name: baseName(path) })
  } catch (error) {
    // Whoever may not look into the parent may still enter the child: discovery below decides.
    if (isNotFound(error)) throw new CommandError(`workspace "${path}" not found`)
    if (!(error instanceof StatusError)) throw error
  }
  for (const root of ['/api', '/apis']) {
    const response = await client
      .cluster(path)
      .request({ method: 'GET', path: root, headers: { accept: 'application/json' } })
    for await (const chunk of response.body) void chunk
    if (response.status === 403) throw new CommandError(`access to workspace ${path} denied`)
  }
}

async function warnAboutClaims(context: CommandContext, connection: Connection): Promise<void> {
  if (connection.workspace === undefined) return
  try {
    const bindings = await connection.client.cluster(connection.workspace).list(apiBindings)
    for (const warning of unacceptedClaims(bindings.items)) context.out(warning)
  } catch (error) {
    if (!isForbidden(error))
      context.err(`error checking APIBindings: ${error instanceof Error ? error.message : error}\n`)
  }
}

async function currentServer(context: CommandContext): Promise<string> {
  const { server, context: contextName } = context.flags
  return server ?? currentEntry(await context.readKubeconfig(), contextName).cluster.server ?? ''
}

async function printObject(context: CommandContext, server: string, output: OutputFormat): Promise<void> {
  await using connection = await context.connect(server)
  const workspace = currentWorkspace(connection)
  if (output === 'name') return context.out(`${workspace}\n`)
  const logicalCluster = await connection.client.cluster(workspace).get(logicalClusters, { name: 'cluster' })
  context.out(formatObject(output, logicalCluster))
}

function printServer(context: CommandContext, server: string, type: string, options: UseOptions): void {
  const { workspace } = parseWorkspaceUrl(server)
  if (workspace === undefined) {
    if (!options.short) context.out(`Current workspace is the URL "${server}".\n`)
  } else if (options.short) context.out(`${workspace}\n`)
  else
    context.out(
      type === '' ? `Current workspace is "${workspace}".\n` : `Current workspace is "${workspace}" (type ${type}).\n`,
    )
}
