// Format texts written as literals are checked against the types of a list literal when a rule is compiled.
import type { Checked } from './check.ts'
import type { Call, Expression, Problem } from './expression.ts'
import { clause, isVerb, unknownVerb, wrongType } from './format-text.ts'
import { formatType, type TypeKind } from './types.ts'

const kindsOf: Readonly<Record<string, readonly TypeKind[]>> = {
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
}

/** The first problem of a call of format; undefined when it has none, or is written with values. */
export function findBadFormat(call: Call, checked: Checked): Problem | undefined {
  const [args] = call.args
  const { receiver } = call
  if (call.name !== 'format' || receiver?.kind !== 'literal' || args?.kind !== 'list') return undefined
  if (typeof receiver.value !== 'string') return undefined
  let used = 0
  for (const [text, precision, verb = ''] of receiver.value.matchAll(clause)) {
    if (text === '%%') continue
    const problem = (at: number, detail: string): Problem => ({ at, text: detail })
    if (verb === '') return problem(call.at, 'unexpected end of string')
    if (!isVerb(verb) || (verb === 'E' && precision === undefined)) return problem(call.at, unknownVerb(verb))
    const arg = args.items[used]
    if (arg === undefined) return problem(call.at, `index ${used} out of range`)
    used++
    const bad = verb === 's' ? badText(arg, checked) : badKind(arg, kindsOf[verb.toLowerCase()] ?? [], checked)
    if (bad !== undefined) return problem(bad.at, wrongType(verb, formatType(checked.typeAt(bad))))
  }
  if (args.items.length <= used) return undefined
  const detail = `too many arguments supplied to string.format (expected ${used}, got ${args.items.length})`
  return { at: call.at, text: detail }
}

function badKind(arg: Expression, kinds: readonly TypeKind[], checked: Checked): Expression | undefined {
  const { kind } = checked.typeAt(arg)
  return kind === 'dyn' || kinds.includes(kind) ? undefined : arg
}

/** The part of an argument that has no text. */
function badText(arg: Expression, checked: Checked): Expression | undefined {
  const { kind } = checked.typeAt(arg)
  if (kind === 'object' || kind === 'optional') return arg
  if (arg.kind === 'list') return firstBad(arg.items, checked)
  return arg.kind === 'map' ? firstBad(arg.entries.flat(), checked) : undefined
}

function firstBad(parts: readonly Expression[], checked: Checked): Expression | undefined {
  for (const part of parts) {
    const bad = badText(part, checked)
    if (bad !== undefined) return bad
  }
  return undefined
}
