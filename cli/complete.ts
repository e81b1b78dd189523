// What may stand where a user presses tab: from the words typed so far, the last of them unfinished. Pure; names that only the
// server knows are left as a question.
import { isClusterPath, parentPath } from '../api/names/cluster-path.ts'
import type { CommandNode, Flag } from './command-tree.ts'
import { outputFormats } from './output.ts'

export interface Candidate {
  text: string
  describe: string
}

export interface Completion {
  candidates: readonly Candidate[]
  /** Names to add, as the server knows them. */
  question?: Question
  /** The shell goes on with names of files. */
  isFile?: boolean
  /** Values of flags before, by their long name; the empty text for switches. */
  flags: ReadonlyMap<string, string>
}

export interface Question {
  about: 'workspaces' | 'syncTargets'
  /** Workspace to look into; the current one when unset. */
  cluster?: string
  /** Names are wanted with the path of their workspace. */
  isPath: boolean
  /** What an answer starts with. */
  prefix: string
}

/** Commands whose first positional is the name of something that exists. */
const askedFor: Readonly<Record<string, Pick<Question, 'about' | 'isPath'>>> = {
  use: { about: 'workspaces', isPath: false },
  compute: { about: 'workspaces', isPath: true },
  cordon: { about: 'syncTargets', isPath: false },
  uncordon: { about: 'syncTargets', isPath: false },
  drain: { about: 'syncTargets', isPath: false },
}
const fileFlags = new Set(['kubeconfig', 'certificate-authority', 'output-file'])

interface Position {
  node: CommandNode
  /** Of the groups around the command. */
  outer: readonly Flag[]
  positionals: number
  values: Map<string, string>
  /** The flag before, which waits for its value. */
  open: Flag | undefined
  onlyPositionals: boolean
}

export function complete(root: CommandNode, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? ''
  let position: Position = {
    node: root,
    outer: [],
    positionals: 0,
    values: new Map(),
    open: undefined,
    onlyPositionals: false,
  }
  for (const word of words.slice(0, -1)) position = readWord(position, word)
  const { open, onlyPositionals, values: flags } = position
  const isFlag = typed.startsWith('-') && !onlyPositionals
  const equals = typed.indexOf('=')
  const valued = open ?? (isFlag && equals >= 0 ? findFlag(position, typed.slice(0, equals)) : undefined)
  if (valued) return { ...completeValue(valued, open ? typed : typed.slice(equals + 1)), flags }
  if (isFlag) return { candidates: startingWith(typed, flagsAt(position).map(flagCandidate)), flags }
  return { ...completePositional(position, typed), flags }
}

function readWord(position: Position, word: string): Position {
  const { node, open, values, onlyPositionals, positionals } = position
  if (open) {
    values.set(open.names[0] ?? '', word)
    return { ...position, open: undefined }
  }
  if (word === '--') return { ...position, onlyPositionals: true }
  if (word.startsWith('-') && word !== '-' && !onlyPositionals) {
    const equals = word.indexOf('=')
    const flag = findFlag(position, equals < 0 ? word : word.slice(0, equals))
    if (equals < 0 && flag?.takesValue) return { ...position, open: flag }
    if (flag) values.set(flag.names[0] ?? '', equals < 0 ? '' : word.slice(equals + 1))
    return position
  }
  const command = positionals === 0 ? node.commands.find(({ names }) => names.includes(word)) : undefined
  if (!command) return { ...position, positionals: positionals + 1 }
  return { ...position, node: command, outer: [...node.flags, ...position.outer] }
}

function flagsAt({ node, outer }: Position): Flag[] {
  return [...(node.byDefault?.flags ?? []), ...node.flags, ...outer]
}

function findFlag(position: Position, spelled: string): Flag | undefined {
  const name = spelled.replace(/^--?/, '')
  return flagsAt(position).find(({ names }) => names.includes(name))
}

function flagCandidate({ names, describe, isOn }: Flag): Candidate {
  return { text: `--${isOn ? 'no-' : ''}${names[0]}`, describe }
}

function completeValue(flag: Flag, typed: string): Omit<Completion, 'flags'> {
  const [name = ''] = flag.names
  const values = name === 'output' ? outputFormats : []
  return { candidates: startingWith(typed, plain(values)), isFile: fileFlags.has(name) }
}

function completePositional({ node, positionals }: Position, typed: string): Omit<Completion, 'flags'> {
  if (positionals > 0) return { candidates: [] }
  const commands = node.commands.map(({ names, describe }) => ({ text: names[0] ?? '', describe }))
  const command = node.byDefault ?? node
  const question = questionOf(command, typed)
  return {
    candidates: startingWith(typed, [...commands, ...plain(command.choices)]),
    ...(question ? { question } : {}),
  }
}

function questionOf(command: CommandNode, typed: string): Question | undefined {
  const asked = askedFor[command.names[0] ?? '']
  if (!asked) return undefined
  const parent = asked.about === 'workspaces' ? parentPath(typed) : undefined
  if (parent === undefined) return { ...asked, prefix: typed }
  if (!isClusterPath(parent)) return undefined
  return { ...asked, isPath: true, cluster: parent, prefix: typed }
}

/** The answers to a question as they are typed. `cluster` is where they were found. */
export function nameCandidates(question: Question, cluster: string, found: readonly Candidate[]): Candidate[] {
  const names = found.map(({ text, describe }) => ({ text: question.isPath ? `${cluster}:${text}` : text, describe }))
  return startingWith(question.prefix, names)
}

function plain(texts: readonly string[]): Candidate[] {
  return texts.map(text => ({ text, describe: '' }))
}

function startingWith(typed: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(typed))
}

/** cobra's directives: 4 is "no names of files". */
export function formatCompletion({ candidates, isFile = false }: Pick<Completion, 'candidates' | 'isFile'>): string {
  const lines = candidates.map(({ text, describe }) => (describe === '' ? text : `${text}\t${describe}`))
  return [...lines, isFile ? ':0' : ':4', ''].join('\n')
}
