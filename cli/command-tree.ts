// The commands of program.ts as a tree, for whoever wants to look at them without running one. Knows only the parts of yargs
// that the definitions use.
import type { Argv } from 'yargs'

export interface Flag {
  /** The long name first; without dashes. */
  names: readonly string[]
  describe: string
  takesValue: boolean
  /** A switch that is on unless `--no-…` turns it off. */
  isOn: boolean
}

export interface CommandNode {
  /** What a user may type; the usual one first. */
  names: readonly string[]
  describe: string
  flags: Flag[]
  /** What the first positional may be, where only certain texts are allowed. */
  choices: readonly string[]
  commands: CommandNode[]
  /** What runs when no sub-command is named. */
  byDefault?: CommandNode
}

export type Define = (args: Argv) => unknown

interface OptionDefinition {
  alias?: string
  type?: string
  describe?: string
  default?: unknown
  choices?: readonly string[]
}

export function recordCommands(define: Define): CommandNode {
  const root = newNode([], '')
  root.flags.push(
    { names: ['help', 'h'], describe: 'Show help', takesValue: false, isOn: false },
    { names: ['version'], describe: 'Show version number', takesValue: false, isOn: false },
  )
  define(recorder(root))
  return root
}

function recorder(node: CommandNode): Argv {
  const self = {
    group: () => self,
    usage: () => self,
    epilogue: () => self,
    options(definitions: Record<string, OptionDefinition>) {
      for (const [name, definition] of Object.entries(definitions)) self.option(name, definition)
      return self
    },
    option(name: string, { alias, type, describe = '', default: value }: OptionDefinition) {
      const names = alias === undefined ? [name] : [name, alias]
      node.flags.push({ names, describe, takesValue: type !== 'boolean', isOn: value === true })
      return self
    },
    positional(_name: string, { choices }: OptionDefinition) {
      if (choices && node.choices.length === 0) node.choices = choices
      return self
    },
    command(spellings: string | readonly string[], describe: string | false, define: Define) {
      const all = [spellings].flat().map(spelling => spelling.split(' ', 1)[0] ?? '')
      const command = newNode(
        all.filter(name => name !== '$0'),
        describe === false ? '' : describe,
      )
      define(recorder(command))
      if (all.includes('$0')) node.byDefault = command
      if (command.names.length > 0) node.commands.push(command)
      return self
    },
  }
  // Not all of yargs: a definition that uses more of it fails in complete.test.ts.
  return self as unknown as Argv
}

function newNode(names: readonly string[], describe: string): CommandNode {
  return { names, describe, flags: [], choices: [], commands: [] }
}
