// Command-line flags as Kubernetes programs have them: a table of flags, parsed once, with errors that name flag and
// value. Leaves out: what the flags mean (options.ts).
import yargs from 'yargs'

export interface Flag {
  readonly name: string
  /** One letter. */
  readonly shorthand?: string
  readonly section: string
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'duration'
  /** As printed by help; text that is parsed like a value from the command line. */
  readonly default: string
  readonly description: string
  /** Printed by the short help too. */
  readonly prominent?: boolean
  /** Printed by no help. */
  readonly hidden?: boolean
}

export interface FlagValues {
  text(name: string): string
  number(name: string): number
  boolean(name: string): boolean
  list(name: string): readonly string[]
  /** Milliseconds. */
  duration(name: string): number
  /** Whether the command line named it. */
  isSet(name: string): boolean
}

/** An error of the person who typed the command: its message is all they need. */
export class UsageError extends Error {}

export function parseFlags(flags: readonly Flag[], args: readonly string[]): FlagValues {
  const known = new Map(flags.map(flag => [flag.name, flag]))
  const given = parseArguments(flags, args)
  for (const name of Object.keys(given)) {
    if (name === '_' || name === '$0' || known.has(name)) continue
    if (flags.some(flag => flag.shorthand === name)) continue
    throw new UsageError(
      name.length === 1 ? `unknown shorthand flag: '${name}' in -${name}` : `unknown flag: --${name}`,
    )
  }
  const texts = (name: string): readonly string[] => {
    const flag = known.get(name)
    if (!flag) throw new Error(`no such flag: ${name}`)
    const value = given[name]
    if (value === undefined) return flag.default === '' ? [] : [flag.default]
    return Array.isArray(value) ? value.map(String) : [String(value)]
  }
  const text = (name: string): string => texts(name).at(-1) ?? ''
  const values: FlagValues = {
    text,
    number: name => parseNumber(name, text(name)),
    boolean: name => parseBoolean(name, text(name)),
    list: name => texts(name).flatMap(each => (each === '' ? [] : each.split(',').map(item => item.trim()))),
    duration: name => parseDuration(name, text(name)),
    isSet: name => given[name] !== undefined,
  }
  for (const { name, type } of flags) values[type](name)
  return values
}

function parseArguments(flags: readonly Flag[], args: readonly string[]): Record<string, unknown> {
  const names = (wanted: (flag: Flag) => boolean): string[] => flags.filter(wanted).map(flag => flag.name)
  const withValue = names(flag => flag.type !== 'boolean')
  const shorthands = flags.filter(flag => flag.shorthand !== undefined)
  for (const [i, argument] of args.entries()) {
    const next = args[i + 1]
    if (!withValue.includes(argument.slice(2)) || !argument.startsWith('--')) continue
    if (next === undefined || next.startsWith('--')) throw new UsageError(`flag needs an argument: ${argument}`)
  }
  return yargs(args.map(normalizeBoolean(new Set(names(flag => flag.type === 'boolean')))))
    .help(false)
    .version(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
    })
    .array(names(flag => flag.type === 'list'))
    .string(withValue)
    .boolean(names(flag => flag.type === 'boolean'))
    .alias(Object.fromEntries(shorthands.map(flag => [flag.name, flag.shorthand ?? ''])))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
    .parseSync()
}

/** The parser reads every other value of a boolean as false; here it becomes an error. */
function normalizeBoolean(booleans: ReadonlySet<string>): (argument: string) => string {
  return argument => {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(argument) ?? []
    return booleans.has(name) ? `--${name}=${parseBoolean(name, value)}` : argument
  }
}

function invalidArgument(name: string, value: string, problem: string): UsageError {
  return new UsageError(`invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${problem}`)
}

function parseNumber(name: string, value: string): number {
  if (!/^-?\d+$/.test(value)) throw invalidArgument(name, value, 'must be a whole number')
  return Number(value)
}

function parseBoolean(name: string, value: string): boolean {
  if (['true', 't', 'T', 'TRUE', 'True', '1'].includes(value)) return true
  if (['false', 'f', 'F', 'FALSE', 'False', '0'].includes(value)) return false
  throw invalidArgument(name, value, 'must be true or false')
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Go's durations: `1m30s`, `500ms`, `0`. */
function parseDuration(name: string, value: string): number {
  if (value === '0') return 0
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) throw invalidArgument(name, value, 'must be a duration such as 1m30s')
  const parts = value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)
  return [...parts].reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (unitMs[unit] ?? 0), 0)
}

/** All flags under their sections, or only the prominent ones. */
export function describeFlags(flags: readonly Flag[], options: { prominentOnly: boolean }): string {
  const shown = flags.filter(flag => !flag.hidden && (flag.prominent || !options.prominentOnly))
  const sections = [...new Set(shown.map(flag => flag.section))]
  return sections
    .map(section => {
      const lines = shown.filter(flag => flag.section === section).map(describeFlag)
      return `${section} flags:\n\n${lines.join('\n')}\n`
    })
    .join('\n')
}

function describeFlag(flag: Flag): string {
  const shorthand = flag.shorthand === undefined ? '      ' : `  -${flag.shorthand}, `
  const placeholder = { text: ' string', number: ' int', boolean: '', list: ' strings', duration: ' duration' }[
    flag.type
  ]
  const text = flag.type === 'text' || flag.type === 'list'
  const fallback =
    flag.default === '' || flag.default === 'false' ? '' : ` (default ${text ? `"${flag.default}"` : flag.default})`
  return `${shorthand}--${flag.name}${placeholder}\n                ${flag.description}${fallback}`
}
