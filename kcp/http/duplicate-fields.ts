// Members that a JSON text has twice: parsing keeps the last one in silence, fieldValidation wants them named.

/** Paths such as `data.a` or `spec.ports[1].name`, in the order of the text. The text must be valid JSON. */
export function findDuplicateFields(text: string): string[] {
  const found: string[] = []
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
    } else if (sign.startsWith('"') && container?.names && container.name === '') noteName(container, sign, found)
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

function noteName(container: Container, sign: string, found: string[]): void {
  const name: string = JSON.parse(sign)
  container.name = name
  if (container.names?.has(name)) found.push(childPath(container))
  container.names?.add(name)
}

function childPath({ path, names, index, name }: Container): string {
  if (!names) return `${path}[${index}]`
  return path === '' ? name : `${path}.${name}`
}
