// Reads the text of a label selector (`a=b,c in (d,e),!f`); errors are 400 with Kubernetes' words.
import { checkQualifiedName } from '../names/rules.ts'
import { badRequest, type StatusError } from '../status-error.ts'
import { byKey, type LabelSelector, type Operator, type Requirement, requirement } from './label-selector.ts'

interface Token {
  type: 'identifier' | 'end' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<' | 'in' | 'notin'
  text: string
}

export function parseLabelSelector(text: string): LabelSelector {
  const tokens = new Tokens(text)
  const requirements: Requirement[] = []
  for (;;) {
    const start = tokens.peek()
    if (start.type === 'end') break
    if (start.type !== 'identifier' && start.type !== '!')
      throw found(start, ", expected: !, identifier, or 'end of string'")
    requirements.push(parseRequirement(tokens))
    const separator = tokens.next()
    if (separator.type === 'end') break
    if (separator.type !== ',') throw found(separator, ", expected: ',' or 'end of string'")
    const after = tokens.peek()
    if (after.type !== 'identifier' && after.type !== '!') throw found(after, ", expected: identifier after ','")
  }
  return requirements.sort(byKey)
}

function parseRequirement(tokens: Tokens): Requirement {
  try {
    const absent = tokens.peek().type === '!'
    if (absent) tokens.next()
    const key = tokens.next()
    if (key.type !== 'identifier') throw found(key, ', expected: identifier')
    const errors = checkQualifiedName(key.text)
    if (errors.length > 0) throw badRequest(`<nil>: Invalid value: ${JSON.stringify(key.text)}: ${errors.join('; ')}`)
    const { type } = tokens.peek()
    if (absent) return requirement(key.text, '!', [])
    if (type === 'end' || type === ',') return requirement(key.text, 'exists', [])
    const operator = parseOperator(tokens)
    const values = operator === 'in' || operator === 'notin' ? parseValues(tokens) : [parseExactValue(tokens)]
    return requirement(key.text, operator, [...new Set(values)].sort())
  } catch (error) {
    throw badRequest(`unable to parse requirement: ${error instanceof Error ? error.message : error}`)
  }
}

const operators: Readonly<Partial<Record<Token['type'], Operator>>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
}

function parseOperator(tokens: Tokens): Operator {
  const token = tokens.nextOperator()
  const operator = operators[token.type]
  if (operator === undefined) throw found(token, ', expected: in, notin, =, ==, !=, gt, lt')
  return operator
}

function parseExactValue(tokens: Tokens): string {
  const { type } = tokens.peek()
  if (type === 'end' || type === ',') return ''
  const token = tokens.next()
  if (token.type !== 'identifier') throw found(token, ', expected: identifier')
  return token.text
}

function parseValues(tokens: Tokens): string[] {
  const open = tokens.next()
  if (open.type !== '(') throw found(open, " expected: '('")
  const first = tokens.peek()
  if (first.type !== 'identifier' && first.type !== ',' && first.type !== ')') {
    throw found(first, ", expected: ',', ')' or identifier")
  }
  if (first.type === ')') {
    tokens.next()
    return ['']
  }
  return parseList(tokens)
}

/** Values up to the closing parenthesis; nothing beside a comma is the empty value. */
function parseList(tokens: Tokens): string[] {
  const values: string[] = []
  for (;;) {
    const { type } = tokens.peek()
    if (type === ',' || type === ')') values.push('')
    else if (type === 'identifier') values.push(tokens.next().text)
    else throw found(tokens.next(), ", expected: ',', or identifier")
    const separator = tokens.next()
    if (separator.type === ')') return values
    if (separator.type !== ',') throw found(separator, ", expected: ',' or ')'")
  }
}

function found(token: Token, expected: string): StatusError {
  return badRequest(`found '${token.text}'${expected}`)
}

const tokenPattern = /\s*(?:([=!]=|[=!(),<>])|([^\s=!(),<>]+)|$)/y

class Tokens {
  readonly #tokens: Token[] = []
  #position = 0

  constructor(text: string) {
    tokenPattern.lastIndex = 0
    for (let match = tokenPattern.exec(text); match !== null; match = tokenPattern.exec(text)) {
      const [, sign, word] = match
      if (sign !== undefined) this.#tokens.push({ type: sign as Token['type'], text: sign })
      else if (word !== undefined) this.#tokens.push({ type: 'identifier', text: word })
      else break
    }
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? { type: 'end', text: '' }
  }

  next(): Token {
    const token = this.peek()
    this.#position++
    return token
  }

  /** `in` and `notin` are words except where an operator is expected. */
  nextOperator(): Token {
    const token = this.next()
    return token.text === 'in' || token.text === 'notin' ? { type: token.text, text: token.text } : token
  }
}
