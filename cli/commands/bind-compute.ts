// `kubectl kcp bind compute`: lets the current workspace run its workloads at the locations of another one.
import { computeBindingName, homeBucketPath, placementName } from '../../api/names/derived-names.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isAlreadyExists, StatusError } from '../../api/status-error.ts'
import { type CommandContext, CommandError, type Connection, currentWorkspace } from '../command.ts'
import { besideObjects, formatList, formatObject, type OutputFormat } from '../output.ts'
import { apiBindings, placements } from '../resources.ts'
import type { SelectorText } from '../selector-text.ts'
import { waitFor } from '../wait-for.ts'
import { parseWorkspaceUrl } from '../workspace-url.ts'
import { canonicalPath } from './copy-compute.ts'
import { homeServer } from './workspace-use.ts'

export interface BindComputeOptions {
  /** `path:name`, or a bare name for an export of the workspace itself. */
  apiExports: readonly string[]
  namespaceSelector: SelectorText
  locationSelectors: readonly SelectorText[]
  name?: string | undefined
  timeoutMs: number
  /** Print the Placements once they are ready. */
  output?: OutputFormat | undefined
}

interface BindingObject extends KubeObject {
  spec: { reference?: { export?: { path?: string; name: string } } }
  status?: { phase?: string; apiExportClusterName?: string; conditions?: ConditionObject[] }
}
interface ConditionObject {
  type: string
  status: string
  message?: string
}

export async function bindCompute(
  context: CommandContext,
  location: string,
  options: BindComputeOptions,
): Promise<void> {
  const { output } = options
  const ready = await bindWhereNeeded(besideObjects(context, output), location, options)
  const [first, ...more] = ready
  if (output && first) context.out(more.length === 0 ? formatObject(output, first) : formatList(output, ready))
}

async function bindWhereNeeded(
  context: CommandContext,
  location: string,
  options: BindComputeOptions,
): Promise<KubeObject[]> {
  await using connection = await context.connect()
  const current = currentWorkspace(connection)
  const found = await findLocationWorkspace(connection, location)
  if (found.note) context.err(found.note)
  const currentPath = await canonicalPath(connection, current)
  const bind = (workspace: string, path: string) =>
    bindIn(context, connection, { workspace, path, location: found.path, options })
  const placement = await bind(current, currentPath)
  if (found.path !== currentPath) return [placement]
  // Bound in the location workspace itself, compute would stay there; people go on from their home.
  const home = parseWorkspaceUrl(await homeServer(connection)).workspace ?? ''
  const homePath = await canonicalPath(connection, home)
  if (homePath === currentPath) return [placement]
  context.err(
    `Note: "${found.path}" is the location workspace itself, so its compute is also bound in your home workspace "${home}".\n`,
  )
  return [placement, await bind(home, homePath)]
}

interface Found {
  /** Canonical path. */
  path: string
  note?: string
}

/**
 * The location workspace by any name it answers to. Older walk-throughs spell a workspace below root as one below the
 * home (`root:users:<b1>:<b2>:<user>:<rest>`); if there is none below the home, `root:<rest>` is meant.
 */
async function findLocationWorkspace(connection: Connection, location: string): Promise<Found> {
  try {
    return { path: await canonicalPath(connection, location) }
  } catch (error) {
    if (!(error instanceof StatusError) || (error.code !== 403 && error.code !== 404)) throw error
    const rest = restBelowHome(location)
    const missing = new CommandError(
      `workspace "${location}" does not exist or you have no access to it; 'kubectl ws tree' shows the workspaces below the current one`,
    )
    if (rest === undefined) throw missing
    try {
      const path = await canonicalPath(connection, `root:${rest}`)
      return { path, note: `Note: there is no workspace "${location}"; using "${path}".\n` }
    } catch (fallbackError) {
      if (fallbackError instanceof StatusError) throw missing
      throw fallbackError
    }
  }
}

/** `<rest>` of `root:users:<b1>:<b2>:<user>:<rest>` when the buckets are the user's; undefined otherwise. */
export function restBelowHome(path: string): string | undefined {
  const segments = path.split(':')
  const [user, ...rest] = segments.slice(4)
  if (user === undefined || rest.length === 0 || segments.slice(0, 5).join(':') !== homeBucketPath(user))
    return undefined
  return rest.join(':')
}

interface BindScope {
  workspace: string
  /** Canonical path of `workspace`. */
  path: string
  /** Canonical path of the location workspace. */
  location: string
  options: BindComputeOptions
}

async function bindIn(context: CommandContext, connection: Connection, scope: BindScope): Promise<KubeObject> {
  const deadline = context.now().getTime() + scope.options.timeoutMs
  const names = await ensureBindings(context, connection, scope)
  for (const { name, description } of names)
    await waitUntilBound(context, connection, { scope, name, description, deadline })
  return ensurePlacement(context, connection, { scope, deadline })
}

async function ensureBindings(context: CommandContext, connection: Connection, scope: BindScope) {
  const client = connection.client.cluster(scope.workspace)
  const existing = (await client.list<BindingObject>(apiBindings)).items
  const names: { name: string; description: string }[] = []
  for (const apiExport of scope.options.apiExports) {
    const reference = parseExport(apiExport)
    const path = reference.path ?? scope.path
    const bound = existing.find(binding => {
      const known = binding.spec.reference?.export
      return known?.name === reference.name && (known.path ?? scope.path) === path
    })
    const description = reference.path ? `APIExport ${apiExport}` : `local APIExport "${reference.name}"`
    if (bound) {
      names.push({ name: bound.metadata.name, description })
      continue
    }
    const name = computeBindingName(path, reference.name)
    context.err(`Binding APIExport "${path}:${reference.name}".\n`)
    try {
      await client.create(apiBindings, {
        apiVersion: 'apis.kcp.io/v1alpha1',
        kind: 'APIBinding',
        metadata: { name },
        spec: { reference: { export: { path, name: reference.name } } },
      })
    } catch (error) {
      if (!isAlreadyExists(error)) throw explained(error, `failed binding APIExport "${path}:${reference.name}"`)
    }
    names.push({ name, description })
  }
  return names
}

function explained(error: unknown, text: string): unknown {
  return error instanceof StatusError ? new CommandError(`${text}: ${error.message}`) : error
}

export function parseExport(text: string): { path?: string; name: string } {
  const colon = text.lastIndexOf(':')
  return colon < 0 ? { name: text } : { path: text.slice(0, colon), name: text.slice(colon + 1) }
}

interface BoundWait {
  scope: BindScope
  name: string
  description: string
  deadline: number
}

async function waitUntilBound(context: CommandContext, connection: Connection, wait: BoundWait): Promise<void> {
  const explain = (binding: KubeObject | undefined) => {
    const conditions = (binding as BindingObject | undefined)?.status?.conditions ?? []
    const message = conditions.find(c => c.status === 'False' && c.message)?.message ?? 'it has no status'
    return `APIBinding ${wait.name} is not bound to ${wait.description} yet: ${message}`
  }
  const { object, done } = await waitFor({
    client: connection.client.cluster(wait.scope.workspace),
    gvr: apiBindings,
    name: wait.name,
    timeoutMs: Math.max(0, wait.deadline - context.now().getTime()),
    signal: context.signal,
    until: binding => (binding as BindingObject).status?.phase === 'Bound',
    progress: binding => context.err(`Still waiting: ${explain(binding)}\n`),
  })
  if (!done) throw new CommandError(`APIBindings not ready: ${explain(object)}`)
}

async function ensurePlacement(
  context: CommandContext,
  connection: Connection,
  { scope, deadline }: { scope: BindScope; deadline: number },
): Promise<KubeObject> {
  const client = connection.client.cluster(scope.workspace)
  const { namespaceSelector, locationSelectors } = scope.options
  const name =
    scope.options.name ??
    placementName(
      namespaceSelector.text,
      locationSelectors.map(s => s.text),
      scope.location,
    )
  try {
    await client.create(placements, {
      apiVersion: 'scheduling.kcp.io/v1alpha1',
      kind: 'Placement',
      metadata: { name },
      spec: {
        namespaceSelector: namespaceSelector.selector,
        locationSelectors: locationSelectors.map(s => s.selector),
        locationWorkspace: scope.location,
        locationResource: { group: 'workload.kcp.io', version: 'v1alpha1', resource: 'synctargets' },
      },
    })
    context.out(`placement ${name} created.\n`)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    context.out(`placement ${name} already exists.\n`)
  }
  return waitUntilScheduled(context, connection, { scope, name, deadline })
}

async function waitUntilScheduled(
  context: CommandContext,
  connection: Connection,
  wait: { scope: BindScope; name: string; deadline: number },
): Promise<KubeObject> {
  const conditionsOf = (object: KubeObject | undefined) =>
    (object?.status as { conditions?: ConditionObject[] } | undefined)?.conditions ?? []
  const explain = (placement: KubeObject | undefined) => {
    const unmet = ['Scheduled', 'Ready']
      .map(type => conditionsOf(placement).find(c => c.type === type))
      .find(c => c?.status !== 'True')
    return `placement is not ${unmet?.type === 'Ready' ? 'ready' : 'scheduled'}: ${unmet?.message ?? 'the server has not looked at it yet'}`
  }
  const { object, done } = await waitFor({
    client: connection.client.cluster(wait.scope.workspace),
    gvr: placements,
    name: wait.name,
    timeoutMs: Math.max(0, wait.deadline - context.now().getTime()),
    signal: context.signal,
    until: placement =>
      ['Scheduled', 'Ready'].every(type => conditionsOf(placement).some(c => c.type === type && c.status === 'True')),
    progress: placement => context.err(`Still waiting: ${explain(placement)}\n`),
  })
  if (!done || !object) throw new CommandError(`placement "${wait.name}" not ready: ${explain(object)}`)
  context.err(`Placement "${wait.name}" is ready.\n`)
  return object
}
