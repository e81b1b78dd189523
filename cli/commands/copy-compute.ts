// A child workspace runs its workloads where its parent does: copies the parent's compute APIBindings and Placements.
import { computeAnnotation } from '../../api/names/kcp-keys.ts'
import type { KubeObject } from '../../api/objects.ts'
import { isAlreadyExists, isForbidden, isNotFound } from '../../api/status-error.ts'
import type { CommandContext, Connection } from '../command.ts'
import { apiBindings, logicalClusters, placements } from '../resources.ts'
import { waitFor } from '../wait-for.ts'

interface BindingObject extends KubeObject {
  spec: { reference?: { export?: { path?: string; name: string } }; permissionClaims?: unknown[] }
  status?: { phase?: string; boundResources?: unknown[] }
}
interface PlacementObject extends KubeObject {
  spec: { locationWorkspace?: string; [member: string]: unknown }
}

export interface CopyScope {
  /** Workspace paths as the user addresses them. */
  parent: string
  child: string
}

const boundTimeoutMs = 30_000

export async function copyCompute(context: CommandContext, connection: Connection, scope: CopyScope): Promise<void> {
  const parent = connection.client.cluster(scope.parent)
  let bindings: BindingObject[]
  let parentPlacements: PlacementObject[]
  try {
    bindings = (await parent.list<BindingObject>(apiBindings)).items
    parentPlacements = (await parent.list<PlacementObject>(placements)).items
  } catch (error) {
    // A parent without scheduling, or one whose bindings the user may not read, has nothing to pass on.
    if (isNotFound(error) || isForbidden(error)) return
    throw error
  }
  const canonical = await canonicalPath(connection, scope.parent)
  const copies = planCopies(bindings, parentPlacements, canonical)
  if (copies.placements.length === 0) return
  const child = connection.client.cluster(scope.child)
  for (const binding of copies.bindings) {
    if (await createCopy(() => child.create(apiBindings, binding))) printCopy(context, 'APIBinding', binding, canonical)
  }
  for (const placement of copies.placements) {
    if (await createCopy(() => child.create(placements, placement)))
      printCopy(context, 'Placement', placement, canonical)
  }
  for (const binding of copies.bindings)
    await waitUntilBound(context, connection, { child: scope.child, name: binding.metadata.name })
}

function printCopy(context: CommandContext, kind: string, object: KubeObject, from: string): void {
  context.out(`Copied ${kind} "${object.metadata.name}" from "${from}".\n`)
}

async function createCopy(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create()
    return true
  } catch (error) {
    // The workspace type may have bound it already.
    if (isAlreadyExists(error)) return false
    throw error
  }
}

/** What to create in the child. References without a path mean the parent itself and get its path. Pure. */
export function planCopies(
  bindings: readonly BindingObject[],
  parentPlacements: readonly PlacementObject[],
  parentPath: string,
): { bindings: BindingObject[]; placements: PlacementObject[] } {
  const compute = bindings.filter(binding => {
    const local = binding.spec.reference?.export?.path === undefined
    // The pair that comes with every SyncTarget is local and usually empty: nothing to inherit then.
    const empty = (binding.status?.boundResources ?? []).length === 0
    return (
      binding.metadata.annotations?.[computeAnnotation] !== undefined &&
      !binding.metadata.deletionTimestamp &&
      !(local && empty)
    )
  })
  return {
    bindings: compute.map(binding => {
      const reference = binding.spec.reference?.export
      return {
        apiVersion: binding.apiVersion,
        kind: binding.kind,
        metadata: { name: binding.metadata.name },
        spec: {
          reference: { export: { path: reference?.path ?? parentPath, name: reference?.name ?? '' } },
          ...(binding.spec.permissionClaims ? { permissionClaims: binding.spec.permissionClaims } : {}),
        },
      }
    }),
    placements: parentPlacements
      .filter(placement => !placement.metadata.deletionTimestamp)
      .map(placement => ({
        apiVersion: placement.apiVersion,
        kind: placement.kind,
        metadata: { name: placement.metadata.name },
        spec: { ...placement.spec, locationWorkspace: placement.spec.locationWorkspace ?? parentPath },
      })),
  }
}

/** The path a workspace calls itself by; the name given when it has none. */
export async function canonicalPath(connection: Connection, workspace: string): Promise<string> {
  const logicalCluster = await connection.client.cluster(workspace).get(logicalClusters, { name: 'cluster' })
  const { annotations } = logicalCluster.metadata
  return annotations?.['kcp.io/path'] ?? annotations?.['kcp.io/cluster'] ?? workspace
}

async function waitUntilBound(
  context: CommandContext,
  connection: Connection,
  { child, name }: { child: string; name: string },
) {
  const { done } = await waitFor({
    client: connection.client.cluster(child),
    gvr: apiBindings,
    name,
    timeoutMs: boundTimeoutMs,
    signal: context.signal,
    until: binding => (binding as BindingObject).status?.phase === 'Bound',
    progress: () => context.err(`Still waiting: APIBinding "${name}" is not bound yet\n`),
  })
  if (!done)
    context.err(`Warning: APIBinding "${name}" is not bound yet; see 'kubectl get apibinding ${name} -o yaml'\n`)
}
