// Members that a JSON text has twice: parsing keeps the last one in silence, fieldValidation wants them named.

/** Paths such as `data.a` or `spec.ports[1].name`, in the order of the text. The text must be valid JSON. */
export function findDuplicateFields(text: string): string[] {
  return duplicatesOf(text).map(({ path }) => path)
}

/** The same in the words of Go's YAML parser, which reads JSON too. */
export function findDuplicateLines(text: string): string[] {
  return duplicatesOf(text).map(({ name, offset }) => duplicateLine(name, text.slice(0, offset).split('\n').length))
}

export function duplicateLine(name: string, line: number): string {
  return `line ${line}: key ${JSON.stringify(name)} already set in map`
}

interface Duplicate {
  readonly path: string
  readonly name: string
  readonly offset: number
}

function duplicatesOf(text: string): Duplicate[] {
  const found: Duplicate[] = []
  const open: Container[] = []
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [sign] = match
    const container = open.at(-1)
    if (sign === '{' || sign === '[') {
      open.push({
        path: container ? childPath(container) : '',
        names: sign === '{' ? new Set() : undefined,
        index: 0,
        name: '',
      })
    } else if (sign === '}' || sign === ']') open.pop()
    else if (sign === ',' && container) {
      container.index++
      container.name = ''
    } else if (sign.startsWith('"') && container?.names && container.name === '') {
      const name: string = JSON.parse(sign)
      if (isNoted(container, name)) found.push({ path: childPath(container), name, offset: match.index })
    }
  }
  return found
}

interface Container {
  readonly path: string
  /** Undefined in lists. */
  readonly names: Set<string> | undefined
  index: number
  /** Of the member being read; '' until its name was seen. */
  name: string
}

/** Whether the name was there before. */
function isNoted(container: Container, name: string): boolean {
  container.name = name
  const known = container.names?.has(name) === true
  container.names?.add(name)
  return known
}

function childPath({ path, names, index, name }: Container): string {
  if (!names) return `${path}[${index}]`
  return path === '' ? name : `${path}.${name}`
}
