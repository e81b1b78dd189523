// argv to exit code, for the three names of the plugin.
import yargs, { type Argv } from 'yargs'
import { recordCommands } from './command-tree.ts'
import { answerCompletion, completeCommand } from './completion.ts'
import { createContext } from './context.ts'
import { spellLoneDashes } from './lone-dash.ts'
import { nextStep } from './next-step.ts'
import { kcpProgram, type MakeContext, workspaceCommands } from './program.ts'

export type Program = 'kubectl-kcp' | 'kubectl-ws' | 'kubectl-workspace'

const version = 'v1.24.3+kcp-v0.11.0'
const completionNote =
  "kubectl's shell completion (kubectl 1.26 or later) knows these commands and the names of workspaces."
/** Exit code after ctrl-c, as shells count it. */
const interruptedCode = 130

export async function main(program: Program, argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  process.once('SIGTERM', () => interrupt.abort())
  const make: MakeContext = flags => createContext({ program, version, flags, signal: interrupt.signal })
  if (argv[0] === completeCommand) {
    const commands = recordCommands(args => commandsOf(program, args, make))
    process.stdout.write(await answerCompletion(commands, argv.slice(1), make))
    return 0
  }
  const prefix = program === 'kubectl-kcp' ? 'error' : 'Error'
  try {
    await define(program, yargs(spellLoneDashes(argv)), make)
      .fail(false)
      .exitProcess(false)
      .strict()
      .help()
      .alias('h', 'help')
      .version(version)
      .parseAsync()
    return 0
  } catch (error) {
    if (interrupt.signal.aborted) return interruptedCode
    const message = describeFailure(program, error)
    const step = nextStep(message)
    process.stderr.write(`${prefix}: ${message}\n${step === undefined ? '' : `${step}\n`}`)
    return 1
  }
}

function define(program: Program, args: Argv, make: MakeContext): Argv {
  args
    .scriptName(program.replace('-', ' '))
    .locale('en')
    .wrap(process.stdout.isTTY ? Math.min(120, process.stdout.columns ?? 80) : 120)
    .epilogue(completionNote)
  return commandsOf(program, args, make)
}

function commandsOf(program: Program, args: Argv, make: MakeContext): Argv {
  return program === 'kubectl-kcp' ? kcpProgram(args, make) : workspaceCommands(args, make, program.replace('-', ' '))
}

/** yargs' own findings in the words of kubectl plugins; any other failure as it is. */
function describeFailure(program: Program, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const tooFew = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message)
  if (tooFew) return `accepts ${tooFew[2]} arg(s), received ${tooFew[1]}; see '${program.replace('-', ' ')} --help'`
  const unknown = /^Unknown (argument|command)s?: (.+)$/.exec(message)?.[2]
  if (unknown === undefined) return message
  return `unknown command or flag "${unknown}" for "${program.replace('kubectl-', '')}"; see '${program.replace('-', ' ')} --help'`
}
