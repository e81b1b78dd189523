// `kubectl ws create-context [NAME]`: keeps the current workspace as a context of its own.
import { type CommandContext, CommandError } from '../command.ts'
import { createContext, currentEntry } from '../switch-context.ts'
import { parseWorkspaceUrl } from '../workspace-url.ts'

export async function createWorkspaceContext(
  context: CommandContext,
  name: string | undefined,
  overwrite: boolean,
): Promise<void> {
  const config = await context.readKubeconfig()
  const { workspace } = parseWorkspaceUrl(currentEntry(config).cluster.server ?? '')
  const contextName = name ?? workspace
  if (contextName === undefined)
    throw new CommandError('the current server URL points to no workspace: a context NAME is required')
  const existed = config.contexts.has(contextName)
  const wasCurrent = config['current-context'] === contextName
  await context.writeKubeconfig(config, createContext(config, contextName, overwrite))
  const verb = existed ? 'Updated' : 'Created'
  context.out(
    wasCurrent ? `${verb} context "${contextName}".\n` : `${verb} context "${contextName}" and switched to it.\n`,
  )
}
