// The JSONPath of printer columns and scale subresources: members, quoted members, indexes, slices, `[*]`, `..name` and
// filters that compare. Leaves out: scripts and unions.
import { getOwn, isJsonObject, type JsonValue, numberValue } from '../../api/json.ts'

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>='

interface Filter {
  readonly path: readonly string[]
  /** Absent: the path must lead somewhere. */
  readonly compare?: { readonly operator: Operator; readonly value: string | number | boolean }
}

type Step =
  | { readonly type: 'member'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly from: number | undefined; readonly to: number | undefined; readonly by: number }
  | { readonly type: 'all' }
  | { readonly type: 'everywhere'; readonly name: string }
  | { readonly type: 'filter'; readonly filter: Filter }

const filterToken =
  /\.?\[\?\(\s*@((?:\.(?:[^\s=!<>()\\.]|\\.)+)*)\s*(?:(==|!=|<=|>=|<|>)\s*(?:"([^"]*)"|'([^']*)'|([^\s)]+))\s*)?\)\]/y
const stepToken =
  /\.?\['((?:[^'\\]|\\.)*)'\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(\*|-?\d+)\]|\.?\[(-?\d*):(-?\d*)(?::(\d+))?\]|(\.{1,2})((?:[^.[\\]|\\.)+)/y

/** undefined when the path has parts we do not know. */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  const text = path.replace(/^\{|\}$/g, '').replace(/^\$/, '')
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    filterToken.lastIndex = at
    const filter = filterToken.exec(text)
    stepToken.lastIndex = at
    const step = filter ? null : stepToken.exec(text)
    if (filter) steps.push({ type: 'filter', filter: toFilter(filter) })
    else if (step) steps.push(toStep(step))
    else return undefined
    at = filter ? filterToken.lastIndex : stepToken.lastIndex
  }
  return steps
}

function toFilter([, place = '', operator, double, single, bare]: RegExpExecArray): Filter {
  const path = place
    .slice(1)
    .split(/(?<!\\)\./)
    .filter(name => name !== '')
    .map(unescapeName)
  if (operator === undefined) return { path }
  return { path, compare: { operator: operator as Operator, value: double ?? single ?? literalOf(bare ?? '') } }
}

function literalOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function toStep(match: RegExpExecArray): Step {
  const [, quoted, doubleQuoted, index, from, to, by, dots, member] = match
  if (from !== undefined) return { type: 'slice', from: boundOf(from), to: boundOf(to ?? ''), by: Number(by ?? 1) || 1 }
  if (index === '*') return { type: 'all' }
  if (index !== undefined) return { type: 'index', index: Number(index) }
  const name = unescapeName(quoted ?? doubleQuoted ?? member ?? '')
  if (dots === '..') return { type: 'everywhere', name }
  return name === '*' ? { type: 'all' } : { type: 'member', name }
}

function boundOf(text: string): number | undefined {
  return text === '' ? undefined : Number(text)
}

function unescapeName(name: string): string {
  return name.replace(/\\(.)/g, '$1')
}

/** Everything the path leads to, in document order. */
export function findByJsonPath(value: JsonValue | undefined, steps: readonly Step[]): JsonValue[] {
  let found: JsonValue[] = value === undefined ? [] : [value]
  for (const step of steps) found = found.flatMap(item => follow(item, step))
  return found
}

function follow(value: JsonValue, step: Step): JsonValue[] {
  switch (step.type) {
    case 'member':
      return memberOf(value, step.name)
    case 'index': {
      const item = Array.isArray(value) ? value.at(step.index) : undefined
      return item === undefined ? [] : [item]
    }
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to).filter((_item, index) => index % step.by === 0) : []
    case 'everywhere':
      return [...memberOf(value, step.name), ...childrenOf(value).flatMap(child => follow(child, step))]
    case 'all':
      return childrenOf(value)
    case 'filter':
      return childrenOf(value).filter(item => keeps(item, step.filter))
  }
}

function memberOf(value: JsonValue, name: string): JsonValue[] {
  const member = isJsonObject(value) ? getOwn(value, name) : undefined
  return member === undefined ? [] : [member]
}

function childrenOf(value: JsonValue): JsonValue[] {
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  return children.filter(item => item !== undefined)
}

function keeps(item: JsonValue, { path, compare }: Filter): boolean {
  const [found] = findByJsonPath(
    item,
    path.map(name => ({ type: 'member', name })),
  )
  if (found === undefined) return false
  if (compare === undefined) return true
  const { operator, value } = compare
  if (operator === '==') return String(found) === String(value)
  if (operator === '!=') return String(found) !== String(value)
  const left = typeof value === 'number' ? numberValue(found) : typeof found === 'string' ? found : undefined
  if (left === undefined) return false
  if (operator === '<') return left < value
  if (operator === '<=') return left <= value
  return operator === '>' ? left > value : left >= value
}

/** Member names of a simple path such as `.spec.replicas`; undefined for anything else. */
export function memberNames(path: string): readonly string[] | undefined {
  const steps = parseJsonPath(path)
  const names = steps?.flatMap(step => (step.type === 'member' ? [step.name] : []))
  return names !== undefined && names.length === steps?.length && names.length > 0 ? names : undefined
}
