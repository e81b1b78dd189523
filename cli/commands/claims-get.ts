// `kubectl kcp claims get apibinding [NAME]`: the permission claims a workspace has answered.
import type { KubeObject } from '../../api/objects.ts'
import { StatusError } from '../../api/status-error.ts'
import { type CommandContext, CommandError, currentWorkspace } from '../command.ts'
import { apiBindings } from '../resources.ts'

interface Claim {
  group?: string
  resource: string
  state: string
}

export async function getClaims(context: CommandContext, name: string | undefined): Promise<void> {
  await using connection = await context.connect()
  const client = connection.client.cluster(currentWorkspace(connection))
  let bindings: KubeObject[]
  try {
    bindings = name === undefined ? (await client.list(apiBindings)).items : [await client.get(apiBindings, { name })]
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw new CommandError(
      name === undefined ? `error listing apibindings: ${error.message}` : `error finding apibinding: ${error.message}`,
    )
  }
  const rows = bindings.flatMap(binding => {
    const claims = (binding.spec as { permissionClaims?: Claim[] } | undefined)?.permissionClaims ?? []
    return claims.map(claim => [binding.metadata.name, `${claim.group ?? ''}-${claim.resource}`, claim.state])
  })
  context.out(formatTable(['APIBINDING', 'RESOURCE GROUP-VERSION', 'STATUS'], rows))
}

/** Columns as wide as their widest cell, three blanks between them. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map(row => (row[i] ?? '').length)))
  return [header, ...rows]
    .map(row => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('   '))
    .map(line => `${line}\n`)
    .join('')
}
