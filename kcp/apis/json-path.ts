// The JSONPath of printer columns and scale subresources: members, quoted members, indexes, `[*]` and filters on equality.
// Leaves out: recursive descent, slices and scripts.
import { getOwn, isJsonObject, type JsonValue } from '../../api/json.ts'

type Step =
  | { readonly type: 'member'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'all' }
  | { readonly type: 'filter'; readonly path: readonly string[]; readonly value: string }

const token =
  /\.?\[\?\(\s*@((?:\.[^\s=!<>)]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([^\s)]+))\s*\)\]|\.?\['((?:[^'\\]|\\.)*)'\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(\*|-?\d+)\]|\.((?:[^.[\\]|\\.)+)/y

/** undefined when the path has parts we do not know. */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  const text = path.replace(/^\{|\}$/g, '').replace(/^\$/, '')
  const steps: Step[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) return undefined
    steps.push(toStep(match))
  }
  return steps
}

function toStep(match: RegExpExecArray): Step {
  const [, filterPath, double, single, bare, quoted, doubleQuoted, index, member] = match
  if (filterPath !== undefined) {
    const path = filterPath
      .slice(1)
      .split(/(?<!\\)\./)
      .map(unescapeName)
    return { type: 'filter', path, value: double ?? single ?? bare ?? '' }
  }
  if (index === '*') return { type: 'all' }
  if (index !== undefined) return { type: 'index', index: Number(index) }
  const name = unescapeName(quoted ?? doubleQuoted ?? member ?? '')
  return name === '*' ? { type: 'all' } : { type: 'member', name }
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
  if (step.type === 'member') {
    const member = isJsonObject(value) ? getOwn(value, step.name) : undefined
    return member === undefined ? [] : [member]
  }
  if (step.type === 'index') {
    const item = Array.isArray(value) ? value.at(step.index) : undefined
    return item === undefined ? [] : [item]
  }
  const members = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : []
  const present = members.filter(item => item !== undefined)
  return step.type === 'all' ? present : present.filter(item => isEqualAt(item, step.path, step.value))
}

function isEqualAt(item: JsonValue, path: readonly string[], text: string): boolean {
  const [found] = findByJsonPath(
    item,
    path.map(name => ({ type: 'member', name })),
  )
  return found !== undefined && String(found) === text
}

/** Member names of a simple path such as `.spec.replicas`; undefined for anything else. */
export function memberNames(path: string): readonly string[] | undefined {
  const steps = parseJsonPath(path)
  const names = steps?.flatMap(step => (step.type === 'member' ? [step.name] : []))
  return names !== undefined && names.length === steps?.length && names.length > 0 ? names : undefined
}
