// `kubectl ws tree`: the workspaces below the current one, as far as the user may see them.
import { baseName } from '../../api/names/cluster-path.ts'
import { isForbidden, isNotFound } from '../../api/status-error.ts'
import { type CommandContext, type Connection, currentWorkspace } from '../command.ts'
import { formatList, type OutputFormat } from '../output.ts'
import { workspaces } from '../resources.ts'
import type { WorkspaceObject } from './workspace-use.ts'

export interface TreeNode {
  label: string
  children: TreeNode[]
}

export interface TreeOptions {
  full: boolean
  /** Print the Workspaces below the current one as a List; with `name` their paths. */
  output?: OutputFormat | undefined
}

export async function printWorkspaceTree(context: CommandContext, { full, output }: TreeOptions): Promise<void> {
  await using connection = await context.connect()
  const path = currentWorkspace(connection)
  const found: Found[] = []
  const root = await readTree(connection, { cluster: path, path, full, found })
  if (output === undefined) context.out(`.\n${drawTree([root])}\n`)
  else if (output === 'name') context.out(found.map(each => `${each.path}\n`).join(''))
  else
    context.out(
      formatList(
        output,
        found.map(each => each.workspace),
      ),
    )
}

interface Found {
  path: string
  workspace: WorkspaceObject
}

interface Position {
  /** What to address: the path for the first, logical cluster names below. */
  cluster: string
  path: string
  full: boolean
  /** Collects what is below, parents first. */
  found: Found[]
}

async function readTree(connection: Connection, position: Position): Promise<TreeNode> {
  const { cluster, path, full, found } = position
  const node: TreeNode = { label: full ? path : baseName(path), children: [] }
  let items: WorkspaceObject[]
  try {
    items = (await connection.client.cluster(cluster).list<WorkspaceObject>(workspaces)).items
  } catch (error) {
    // A workspace without the tenancy API, or one the user may not look into, is a leaf.
    if (isNotFound(error) || isForbidden(error)) return node
    throw error
  }
  for (const item of items) {
    const childPath = `${path}:${item.metadata.name}`
    found.push({ path: childPath, workspace: item })
    const child = item.spec?.cluster
    if (child === undefined) node.children.push({ label: full ? childPath : item.metadata.name, children: [] })
    else node.children.push(await readTree(connection, { ...position, cluster: child, path: childPath }))
  }
  return node
}

export function drawTree(nodes: readonly TreeNode[], indent = ''): string {
  return nodes
    .map((node, i) => {
      const last = i === nodes.length - 1
      const line = `${indent}${last ? '└── ' : '├── '}${node.label}\n`
      return line + drawTree(node.children, indent + (last ? '    ' : '│   '))
    })
    .join('')
}
