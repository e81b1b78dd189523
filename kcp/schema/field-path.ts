// Paths of fields in messages: `spec.list[0].bar`.

export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function indexPath(path: string, index: number): string {
  return `${path}[${index}]`
}

/** Path of a map entry in Kubernetes' own field errors: `data[key]`. */
export function keyPath(path: string, key: string): string {
  return `${path}[${key}]`
}
