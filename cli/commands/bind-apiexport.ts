// `kubectl kcp bind apiexport PATH:NAME`: makes the APIs of an export available in the current workspace.
import type { KubeObject } from '../../api/objects.ts'
import { type CommandContext, CommandError, currentWorkspace } from '../command.ts'
import { apiBindings } from '../resources.ts'
import { waitFor } from '../wait-for.ts'
import { parseExport } from './bind-compute.ts'

export interface BindApiExportOptions {
  name?: string | undefined
  timeoutMs: number
}

export async function bindApiExport(
  context: CommandContext,
  reference: string,
  options: BindApiExportOptions,
): Promise<void> {
  const { path, name: exportName } = parseExport(reference)
  if (path === undefined || path === '' || exportName === '') {
    throw new CommandError(
      'fully qualified reference to workspace where APIExport exists is required. The format is `<logical-cluster-name>:<apiexport>` or `<full>:<path>:<to>:<apiexport>`',
    )
  }
  await using connection = await context.connect()
  const client = connection.client.cluster(currentWorkspace(connection))
  const name = options.name ?? exportName
  await client.create(apiBindings, {
    apiVersion: 'apis.kcp.io/v1alpha1',
    kind: 'APIBinding',
    metadata: { name },
    spec: { reference: { export: { path, name: exportName } } },
  })
  context.out(`apibinding ${name} created. Waiting to successfully bind ...\n`)
  const phaseOf = (binding: KubeObject) => (binding.status as { phase?: string } | undefined)?.phase
  const { done } = await waitFor({
    client,
    gvr: apiBindings,
    name,
    timeoutMs: options.timeoutMs,
    signal: context.signal,
    until: binding => phaseOf(binding) === 'Bound',
    progress: binding => context.err(`Still waiting: phase ${(binding && phaseOf(binding)) || 'not set'}\n`),
  })
  if (!done) {
    throw new CommandError(
      `could not bind ${name}: timed out waiting for the condition; see 'kubectl get apibinding ${name} -o yaml'`,
    )
  }
  context.out(`${name} created and bound.\n`)
}
