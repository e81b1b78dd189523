// `kubectl ws create`: a new workspace below the current one. Unless told not to, it inherits the parent's compute: the
// APIBindings and Placements that `bind compute` made there are copied, with the user's own rights.
import type { KubeObject } from '../../api/objects.ts'
import { isAlreadyExists } from '../../api/status-error.ts'
import { type CommandContext, CommandError, type Connection, currentWorkspace } from '../command.ts'
import { besideObjects, formatObject, type OutputFormat } from '../output.ts'
import { workspaces } from '../resources.ts'
import { waitFor } from '../wait-for.ts'
import { copyCompute } from './copy-compute.ts'
import { enterWorkspace, typeOf, type WorkspaceObject } from './workspace-use.ts'

export interface CreateOptions {
  type?: string | undefined
  enter: boolean
  ignoreExisting: boolean
  /** Parsed by the option layer; picks the shard. */
  locationSelector?: object | undefined
  /** Copy the parent's compute bindings and placements. */
  compute: boolean
  /** Print the Workspace once it is ready. */
  output?: OutputFormat | undefined
}

const readyTimeoutMs = 60_000

export async function createWorkspace(context: CommandContext, name: string, options: CreateOptions): Promise<void> {
  const created = await create(besideObjects(context, options.output), name, options)
  if (options.output) context.out(formatObject(options.output, created))
}

async function create(context: CommandContext, name: string, options: CreateOptions): Promise<KubeObject> {
  if (options.ignoreExisting && options.type?.includes(':') && !options.type.startsWith('root')) {
    throw new CommandError('--ignore-existing must not be used with non-absolute type path')
  }
  await using connection = await context.connect()
  const parent = currentWorkspace(connection)
  const { workspace, existed } = await createOrGet(connection, { parent, name, options })
  const described = `Workspace "${name}" (type ${typeOf(workspace)})`
  const ready = workspace.status?.phase === 'Ready'
  context.out(
    `${described} ${existed ? 'already exists' : 'created'}.${ready ? '' : ' Waiting for it to be ready...'}\n`,
  )
  const usable = ready ? workspace : await waitUntilReady(context, connection, { parent, name })
  context.out(`${described} is ready to use.\n`)
  if (options.compute && !existed) await copyCompute(context, connection, { parent, child: `${parent}:${name}` })
  if (options.enter) await enterWorkspace(context, connection, name, { short: false })
  return usable
}

interface Creation {
  parent: string
  name: string
  options: CreateOptions
}

async function createOrGet(
  connection: Connection,
  creation: Creation,
): Promise<{ workspace: WorkspaceObject; existed: boolean }> {
  const { parent, name, options } = creation
  const client = connection.client.cluster(parent)
  const type = typeReference(options.type)
  const object: WorkspaceObject = {
    apiVersion: 'tenancy.kcp.io/v1alpha1',
    kind: 'Workspace',
    metadata: { name },
    spec: {
      ...(type ? { type } : {}),
      ...(options.locationSelector ? { location: { selector: options.locationSelector } } : {}),
    },
  }
  try {
    return { workspace: await client.create<WorkspaceObject>(workspaces, object), existed: false }
  } catch (error) {
    if (!isAlreadyExists(error) || !options.ignoreExisting) throw error
  }
  const workspace = await client.get<WorkspaceObject>(workspaces, { name })
  if (
    type &&
    typeOf(workspace) !== (type.path ? `${type.path}:${type.name}` : typeOf(workspace).replace(/[^:]+$/, type.name))
  ) {
    throw new CommandError(
      `workspace "${name}" cannot be created with type ${options.type}, it already exists with different type ${typeOf(workspace)}`,
    )
  }
  return { workspace, existed: true }
}

/** `root:universal` names a type by path; a bare name is searched upwards by the server. */
export function typeReference(type: string | undefined): { name: string; path?: string } | undefined {
  if (type === undefined || type === '') return undefined
  const colon = type.lastIndexOf(':')
  if (colon < 0) return { name: type.toLowerCase() }
  return { name: type.slice(colon + 1).toLowerCase(), path: type.slice(0, colon) }
}

async function waitUntilReady(
  context: CommandContext,
  connection: Connection,
  { parent, name }: { parent: string; name: string },
): Promise<KubeObject> {
  const { object, done } = await waitFor({
    client: connection.client.cluster(parent),
    gvr: workspaces,
    name,
    timeoutMs: readyTimeoutMs,
    signal: context.signal,
    until: workspace => (workspace as WorkspaceObject).status?.phase === 'Ready',
    progress: workspace => context.err(`Still waiting: ${describe(workspace as WorkspaceObject | undefined)}\n`),
  })
  if (!done || !object) {
    throw new CommandError(
      `timed out waiting for the condition: workspace "${name}" is not ready after ${readyTimeoutMs / 1000} s (${describe(object as WorkspaceObject | undefined)}); see 'kubectl get workspace ${name} -o yaml'`,
    )
  }
  return object
}

function describe(workspace: WorkspaceObject | undefined): string {
  if (!workspace) return 'the workspace is not there yet'
  const conditions =
    (workspace.status as { conditions?: { status: string; message?: string }[] } | undefined)?.conditions ?? []
  const messages = conditions.filter(c => c.status !== 'True' && c.message).map(c => c.message)
  return [`phase ${workspace.status?.phase ?? 'unknown'}`, ...messages].join(', ')
}
