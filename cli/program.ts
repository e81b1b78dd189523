// The commands people type, as yargs sees them: names, flags, help. What they do is in commands/.
import type { ArgumentsCamelCase, Argv } from 'yargs'
import type { CommandContext, ConnectionFlags } from './command.ts'

import { bindApiExport } from './commands/bind-apiexport.ts'
import { bindCompute } from './commands/bind-compute.ts'
import { getClaims } from './commands/claims-get.ts'
import { type CordonAction, cordonWorkload } from './commands/workload-cordon.ts'
import { syncWorkload } from './commands/workload-sync.ts'
import { createWorkspaceContext } from './commands/workspace-context.ts'
import { createWorkspace } from './commands/workspace-create.ts'
import { printWorkspaceTree } from './commands/workspace-tree.ts'
import { useWorkspace } from './commands/workspace-use.ts'
import { parseDurationMs, splitList, withConnectionOptions } from './options.ts'
import { outputOption, readOutputFormat } from './output.ts'
import { readSelector } from './selector-text.ts'
import { readSyncOptions, withSyncOptions } from './sync-options.ts'

export type MakeContext = (flags: ConnectionFlags) => CommandContext

const defaultExport = 'root:compute:kubernetes'
const shortOption = { type: 'boolean', default: false, describe: 'print only the name of the workspace' } as const

const createOptions = {
  type: {
    type: 'string',
    describe: 'a workspace type, e.g. root:universal; default: chosen by the parent',
  },
  enter: { type: 'boolean', default: false, describe: 'enter the workspace once it is ready' },
  'ignore-existing': {
    type: 'boolean',
    default: false,
    describe: 'do not fail if it exists with the same type',
  },
  'location-selector': { type: 'string', describe: 'a label selector for the shard, e.g. region=eu' },
  compute: {
    type: 'boolean',
    default: true,
    describe: "copy the parent's compute bindings and placements; --no-compute does not",
  },
} as const

/** kubectl-kcp: every command group. */
export function kcpProgram(args: Argv, make: MakeContext): Argv {
  return args
    .command(['workspace', 'workspaces', 'ws'], 'Manages kcp workspaces', sub =>
      workspaceCommands(sub, make, 'kubectl kcp workspace'),
    )
    .command(['workload', 'workloads'], 'Manages SyncTargets', sub => workloadCommands(sub, make))
    .command('bind', 'Binds APIExports and compute to the current workspace', sub => bindCommands(sub, make))
    .command('claims', 'Shows permission claims', sub => claimCommands(sub, make))
    .command('$0', false, sub => sub, showHelp(args))
}

/** kubectl-ws and kubectl-workspace: the workspace group alone. */
export function workspaceCommands(args: Argv, make: MakeContext, name: string): Argv {
  return withConnectionOptions(args)
    .usage(
      `${name} [NAME|PATH|-|..|.|~|<root:absolute:path>]\n\nManages kcp workspaces: without a sub-command changes the current one, like cd.`,
    )
    .command(
      ['$0 [name]', 'use [name]', 'cd [name]'],
      'Uses the given workspace; with no NAME the home workspace',
      sub => sub.positional('name', { type: 'string' }).option('short', shortOption).option('output', outputOption),
      run(make, (context, a) =>
        useWorkspace(context, a.name ?? '', { short: a.short, output: readOutputFormat(a.output) }),
      ),
    )
    .command(
      ['current'],
      'Prints the current workspace; same as "."',
      sub => sub.option('short', shortOption).option('output', outputOption),
      run(make, (context, a) => useWorkspace(context, '.', { short: a.short, output: readOutputFormat(a.output) })),
    )
    .command(
      'create <name>',
      'Creates a workspace below the current one',
      sub =>
        sub
          .positional('name', { type: 'string', demandOption: true })
          .options(createOptions)
          .option('output', outputOption),
      run(make, (context, a) =>
        createWorkspace(context, a.name, {
          type: a.type,
          enter: a.enter,
          ignoreExisting: a.ignoreExisting,
          compute: a.compute,
          output: readOutputFormat(a.output),
          locationSelector: a.locationSelector
            ? readSelector(a.locationSelector, 'location selector').selector
            : undefined,
        }),
      ),
    )
    .command(
      'tree',
      'Prints the workspaces below the current one',
      sub =>
        sub
          .option('full', { alias: 'f', type: 'boolean', default: false, describe: 'print full paths' })
          .option('output', outputOption),
      run(make, (context, a) => printWorkspaceTree(context, { full: a.full, output: readOutputFormat(a.output) })),
    )
    .command(
      'create-context [name]',
      'Keeps the current workspace as a kubeconfig context; default name: its path',
      sub =>
        sub
          .positional('name', { type: 'string' })
          .option('overwrite', { type: 'boolean', default: false, describe: 'update a context that exists' }),
      run(make, (context, a) => createWorkspaceContext(context, a.name, a.overwrite)),
    )
}

function workloadCommands(args: Argv, make: MakeContext): Argv {
  const cordon = (action: CordonAction, text: string) =>
    [
      `${action} [name]`,
      text,
      (sub: Argv) => sub.positional('name', { type: 'string' }),
      run<{ name: string | undefined }>(make, async (context, a) =>
        a.name === undefined ? showHelp(args)() : cordonWorkload(context, a.name, action),
      ),
    ] as const
  return withConnectionOptions(args)
    .command(
      'sync <name>',
      'Registers a physical cluster as SyncTarget NAME and writes the YAML of its syncer',
      sub => withSyncOptions(sub.positional('name', { type: 'string' })),
      run(make, async (context, a) => {
        if (a.name === undefined) return showHelp(args)()
        await syncWorkload(context, a.name, readSyncOptions({ ...a, name: a.name }))
      }),
    )
    .command(...cordon('cordon', 'Marks a SyncTarget as unschedulable'))
    .command(...cordon('uncordon', 'Marks a SyncTarget as schedulable'))
    .command(...cordon('drain', 'Moves all workloads away from a SyncTarget'))
    .command('$0', false, sub => sub, showHelp(args))
}

function bindCommands(args: Argv, make: MakeContext): Argv {
  const timeout = { type: 'string', default: '30s', describe: 'how long to wait until it is usable' } as const
  return withConnectionOptions(args)
    .command(
      'compute <location-workspace>',
      'Runs the workloads of the current workspace at the locations of another one',
      sub =>
        sub
          .positional('location-workspace', { type: 'string', demandOption: true })
          .option('apiexports', {
            type: 'string',
            array: true,
            default: [defaultExport],
            describe: 'APIExports to bind, path:name',
          })
          .option('namespace-selector', {
            type: 'string',
            default: '',
            describe: 'label selector of the namespaces to place; default all',
          })
          .option('location-selectors', {
            type: 'string',
            array: true,
            default: [''],
            describe: 'label selectors of the locations; default all',
          })
          .option('name', { type: 'string', describe: 'name of the placement; default: derived from the selectors' })
          .option('timeout', timeout)
          .option('output', outputOption),
      run(make, (context, a) =>
        bindCompute(context, a.locationWorkspace, {
          apiExports: splitList(a.apiexports),
          namespaceSelector: readSelector(a.namespaceSelector, 'namespace selector'),
          locationSelectors: a.locationSelectors.map(text => readSelector(text, 'location selector')),
          name: a.name,
          timeoutMs: parseDurationMs(a.timeout, 'timeout'),
          output: readOutputFormat(a.output),
        }),
      ),
    )
    .command(
      'apiexport <reference>',
      'Binds an APIExport, given as <workspace path>:<export name>',
      sub =>
        sub
          .positional('reference', { type: 'string', demandOption: true })
          .option('name', { type: 'string', describe: 'name of the APIBinding; default: name of the export' })
          .option('timeout', timeout),
      run(make, (context, a) =>
        bindApiExport(context, a.reference, { name: a.name, timeoutMs: parseDurationMs(a.timeout, 'timeout') }),
      ),
    )
    .command('$0', false, sub => sub, showHelp(args))
}

function claimCommands(args: Argv, make: MakeContext): Argv {
  return withConnectionOptions(args)
    .command(
      'get <kind> [name]',
      'Lists the permission claims of APIBindings',
      sub =>
        sub
          .positional('kind', { choices: ['apibinding'] as const, demandOption: true })
          .positional('name', { type: 'string' }),
      run(make, (context, a) => getClaims(context, a.name)),
    )
    .command('$0', false, sub => sub, showHelp(args))
}

/** A group without a sub-command shows its help and succeeds, as kubectl's groups do. */
function showHelp(args: Argv): () => void {
  return () => args.showHelp('log')
}

type Handler<A> = (args: ArgumentsCamelCase<A>) => Promise<void>

function run<A>(
  make: MakeContext,
  command: (context: CommandContext, args: ArgumentsCamelCase<A>) => Promise<void>,
): Handler<A> {
  return args => command(make(args as ConnectionFlags), args)
}
