// `fieldPath` of a rule: dots and quoted keys in brackets, through properties and maps of a schema, never into lists.
import { keyPath, memberPath } from '../field-path.ts'
import type { SchemaNode } from '../schema-node.ts'

export interface FieldPath {
  /** As messages show it below the value. */
  readonly shown: string
  readonly node: SchemaNode
}

const step = /^(?:\.((?:[^.[\]'][^.[\]]*)|'(?:[^'\\]|\\.)*')|\['((?:[^'\\]|\\.)*)'\])/
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
}

export function resolveFieldPath(path: string, root: SchemaNode): FieldPath | undefined {
  let node = root
  let shown = ''
  let rest = path
  while (rest !== '') {
    const match = step.exec(rest)
    const quoted = match?.[2]
    const name = quoted === undefined ? match?.[1] : unquote(quoted)
    if (match === null || name === undefined) return undefined
    const isNamed = node.properties.size > 0
    const next = isNamed ? node.properties.get(name) : node.values
    if (next === undefined || next === true) return undefined
    shown = isNamed ? memberPath(shown, name) : keyPath(shown, name)
    node = next
    rest = rest.slice(match[0].length)
  }
  return { shown, node }
}

function unquote(text: string): string | undefined {
  let isValid = true
  const plain = text.replace(/\\(.)/g, (_, sign: string) => {
    const found = escapes[sign]
    if (found === undefined) isValid = false
    return found ?? ''
  })
  return isValid ? plain : undefined
}
