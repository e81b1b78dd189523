// Logical cluster names and paths (`root:org:team`), and the texts they take in URLs and flags.
// Leaves out: which workspace a path leads to.

/** Addresses all logical clusters at once. */
export const wildcard = '*'
export const rootCluster = 'root'

const segment = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const pathPattern = new RegExp(`^${segment}(?::${segment})*$`)
const namePattern = /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/
const workspaceNamePattern = new RegExp(`^${segment}$`)
const systemPrefix = 'system:'

/** Whether a text may stand in `/clusters/<text>`: a path, a name or the wildcard. */
export function isClusterPath(text: string): boolean {
  return text === wildcard || pathPattern.test(text)
}

/** A logical cluster name: one segment, or any path that starts with `system:`, which is a name as a whole. */
export function isClusterName(text: string): boolean {
  return namePattern.test(text) || isSystemCluster(text)
}

export function isSystemCluster(text: string): boolean {
  return text.startsWith(systemPrefix) && pathPattern.test(text)
}

export function isWorkspaceName(text: string): boolean {
  return workspaceNamePattern.test(text)
}

/** Text before the last colon; undefined for a name, which has no parent. */
export function parentPath(path: string): string | undefined {
  const colon = path.startsWith(systemPrefix) ? -1 : path.lastIndexOf(':')
  return colon < 0 ? undefined : path.slice(0, colon)
}

/** Last segment of a path; a system cluster's whole name. */
export function baseName(path: string): string {
  return path.startsWith(systemPrefix) ? path : path.slice(path.lastIndexOf(':') + 1)
}

export function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}:${name}`
}
