// From text to an expression. The parser is that of @marcbachmann/cel-js; macros, places of operators and limits of
// numbers are added here. Leaves out: messages (`Foo{a: 1}`).
import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import type { Expression, Loop, LoopName, Problem } from './expression.ts'
import { type MarkedSource, markSource, optionalElements } from './source-marks.ts'
import { explainRefusal, operands as operandTokens, tooDeep } from './syntax-problems.ts'
import { charsLength, type Value } from './values.ts'

const depthMax = 250
const elementsMax = 100_000
const problemsMax = 10
const charsMax = 100_000
/** Of nested parts; chains of && and || are balanced and do not nest. */
const nestingMax = 1000
const grammar = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: { maxDepth: depthMax, maxListElements: elementsMax, maxMapEntries: elementsMax, maxCallArguments: 100 },
})

export function parseExpression(source: string): { expression: Expression } | { problems: readonly Problem[] } {
  const problems: Problem[] = []
  if (charsLength(source) > charsMax) {
    const text = `expression code point size exceeds limit: size: ${charsLength(source)}, limit ${charsMax}`
    return { problems: [{ at: 0, text }] }
  }
  const marked = markSource(source)
  let rest: string | undefined = marked.text
  while (rest !== undefined && problems.length < problemsMax) {
    try {
      const { ast } = grammar.parse(rest)
      if (problems.length > 0) break
      const expression = toExpression(ast, { source: marked.text, marked, problems, depth: 0 })
      return problems.length > 0 ? { problems } : { expression }
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      const refusal = explainRefusal(error, rest)
      problems.push(refusal.problem)
      rest = refusal.rest
    }
  }
  return { problems }
}

interface Reading {
  readonly source: string
  readonly marked: MarkedSource
  readonly problems: Problem[]
  depth: number
}

/** Where a token stands after `from`; only closing parentheses, blanks and comments may come before it. */
function placeOf(token: string, from: number, { source }: Reading): number {
  let at = from
  while (at < source.length && !source.startsWith(token, at)) {
    at = source.startsWith('//', at) ? Math.max(source.indexOf('\n', at), at + 1) : at + 1
  }
  return at
}

function toExpression(node: ASTNode, reading: Reading): Expression {
  if (reading.depth >= nestingMax) {
    if (reading.problems.length === 0) reading.problems.push(tooDeep)
    return { kind: 'literal', at: node.start, value: null }
  }
  reading.depth++
  const expression = readNode(node, reading)
  reading.depth--
  return expression
}

function readNode(node: ASTNode, reading: Reading): Expression {
  const read = (inner: ASTNode) => toExpression(inner, reading)
  switch (node.op) {
    case 'value':
      return { kind: 'literal', at: node.start, value: literalValue(node, reading) }
    case 'id':
      return { kind: 'identifier', at: node.start, name: node.args }
    case '.':
    case '.?': {
      const mode = node.op === '.' ? 'value' : 'optional'
      const at = placeOf('.', node.args[0].end, reading)
      return { kind: 'select', at, operand: read(node.args[0]), field: node.args[1], mode }
    }
    case '[]':
    case '[?]': {
      const at = placeOf('[', node.args[0].end, reading)
      return { kind: 'call', at, name: node.op === '[]' ? '_[_]' : '_[?_]', args: node.args.map(read) }
    }
    case 'list':
      return {
        kind: 'list',
        at: node.start,
        items: node.args.map(read),
        optionals: optionalElements(
          reading.marked,
          node.args.map(({ start }) => start),
        ),
      }
    case 'map':
      return {
        kind: 'map',
        at: node.start,
        entries: node.args.map(([key, value]) => [read(key), read(value)] as const),
        optionals: optionalElements(
          reading.marked,
          node.args.map(([{ start }]) => start),
        ),
      }
    case '?:':
      return { kind: 'call', at: placeOf('?', node.args[0].end, reading), name: '_?_:_', args: node.args.map(read) }
    case '&&':
    case '||':
      return readChain(node, reading)
    case '!_':
    case '-_':
      return readUnary(node, reading)
    case 'call':
      return readCall(node, reading)
    case 'rcall':
      return readMemberCall(node, reading)
    default: {
      const name = node.op === 'in' ? '@in' : `_${node.op}_`
      return { kind: 'call', at: placeOf(node.op, node.args[0].end, reading), name, args: node.args.map(read) }
    }
  }
}

/** A chain of the same operator, as a balanced tree: rules with hundreds of alternatives are common. */
function readChain(node: NodeOf<'&&'> | NodeOf<'||'>, reading: Reading): Expression {
  const operands: ASTNode[] = []
  const places: number[] = []
  let rest: ASTNode = node
  while (rest.op === node.op) {
    const [left, right]: readonly [ASTNode, ASTNode] = rest.args
    operands.unshift(right)
    places.unshift(placeOf(node.op, left.end, reading))
    rest = left
  }
  const parts = [rest, ...operands].map(part => toExpression(part, reading))
  const build = (from: number, to: number): Expression | undefined => {
    if (to - from < 2) return parts[from]
    const middle = Math.ceil((from + to) / 2)
    const args = [build(from, middle), build(middle, to)].filter(part => part !== undefined)
    return { kind: 'call', at: places[middle - 1] ?? node.start, name: `_${node.op}_`, args }
  }
  return build(0, parts.length) ?? { kind: 'literal', at: node.start, value: null }
}

type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>

const intMax = 2n ** 63n - 1n

function literalValue({ args: value, start, end }: NodeOf<'value'>, { source, marked, problems }: Reading): Value {
  if (marked.fractions.has(start)) return Number(`.${source.slice(start, end)}`)
  if (typeof value === 'bigint' && value > intMax) problems.push({ at: start, text: 'invalid int literal' })
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return { tag: 'uint', value: BigInt(value.toString()) }
}

/** Two signs cancel each other, and one before a number is part of it. */
function readUnary(node: NodeOf<'!_'> | NodeOf<'-_'>, reading: Reading): Expression {
  let inner = node.args
  let count = 1
  let from = node.start
  while (inner.op === node.op && !reading.source.slice(from, inner.start).includes('(')) {
    from = inner.start
    inner = inner.args
    count++
  }
  if (node.op === '-_' && count === 1 && inner.op === 'value') {
    const isSmallest = inner.args === intMax + 1n
    const value = isSmallest ? intMax + 1n : literalValue(inner, reading)
    if (typeof value === 'number' || typeof value === 'bigint')
      return { kind: 'literal', at: node.start, value: -value }
  }
  const operand = toExpression(inner, reading)
  return count % 2 === 0 ? operand : { kind: 'call', at: node.start, name: node.op, args: [operand] }
}

function readCall(node: NodeOf<'call'>, reading: Reading): Expression {
  const [name, nodes] = node.args
  const at = placeOf('(', node.start, reading)
  const args = readArguments(node, nodes, reading)
  const [first] = args
  if (name === 'has' && args.length === 1 && first !== undefined) {
    if (first.kind === 'select' && first.mode === 'value') return { ...first, at, mode: 'test' }
    reading.problems.push({ at: first.at, text: 'invalid argument to has() macro' })
  }
  return { kind: 'call', at, name, args }
}

function readMemberCall(node: NodeOf<'rcall'>, reading: Reading): Expression {
  const [name, operand, nodes] = node.args
  const at = placeOf('(', placeOf('.', operand.end, reading), reading)
  const receiver = toExpression(operand, reading)
  const args = readArguments(node, nodes, reading)
  const [variable, first, second] = args
  if (variable?.kind === 'identifier' && first !== undefined) {
    const loop = readLoop(name, { at, range: receiver, variable: variable.name }, [first, second])
    if (loop !== undefined) return loop
    if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) {
      const isFlat = name === 'optFlatMap'
      return { kind: 'optional-map', at, operand: receiver, variable: variable.name, body: first, isFlat }
    }
  }
  return { kind: 'call', at, name, receiver, args }
}

/** The parser lets a comma stand before the closing parenthesis; the language does not. */
function readArguments(call: ASTNode, nodes: readonly ASTNode[], reading: Reading): Expression[] {
  const end = call.end - 1
  if (nodes.length > 0 && reading.source.slice(0, end).trimEnd().endsWith(',')) {
    reading.problems.push({ at: end, text: `Syntax error: mismatched input ')' expecting ${operandTokens}` })
  }
  return nodes.map(arg => toExpression(arg, reading))
}

const loopNames: readonly string[] = ['all', 'exists', 'exists_one', 'filter'] satisfies LoopName[]

function readLoop(
  name: string,
  base: Pick<Loop, 'at' | 'range' | 'variable'>,
  [first, second]: readonly [Expression, Expression | undefined],
): Loop | undefined {
  if (name === 'map') {
    const parts = second === undefined ? { transform: first } : { predicate: first, transform: second }
    return { kind: 'loop', name, ...base, ...parts }
  }
  if (second !== undefined || !loopNames.includes(name)) return undefined
  return { kind: 'loop', name: name as LoopName, ...base, predicate: first }
}
