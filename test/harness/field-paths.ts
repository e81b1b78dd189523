// What an object has, without what is in it: one path a leaf, indices as [], hashes in keys as <hash>.
// managedFields (not recorded) and descriptions are left out; a schema inside an object is one leaf.

const ignored = new Set(['managedFields', 'description'])
const opaque = new Set(['openAPIV3Schema'])
const hashedKey = /\/[A-Za-z0-9]{20,}$/

export function fieldPaths(value: unknown): string[] {
  const found = new Set<string>()
  collect(value, '', found)
  return [...found].sort()
}

function collect(value: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(value) && value.length > 0) {
    for (const item of value) collect(item, `${path}[]`, found)
    return
  }
  const entries = isObject(value) ? Object.entries(value).filter(([key]) => !ignored.has(key)) : []
  if (entries.length === 0) found.add(path)
  for (const [key, member] of entries) {
    const name = key.replace(hashedKey, '/<hash>')
    const below = path === '' ? name : `${path}.${name}`
    if (opaque.has(key)) found.add(below)
    else collect(member, below, found)
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names with a random end get a fixed one; nothing else of them changes. */
export function stableName(name: string): string {
  return name.replace(/-(token|dockercfg)-[a-z0-9]{5}$/, '-$1-<random>')
}
