// The two ways past all policy: the group of the server's own administrators, and a few open paths.
import { type Authorizer, allow, noOpinion } from '../authorizer.ts'

export const systemMastersGroup = 'system:masters'

export const systemMastersAuthorizer: Authorizer = async ({ user }) =>
  user.groups.includes(systemMastersGroup) ? allow('system:masters') : noOpinion('')

/** A path ending in `*` stands for all that start so. */
export function createPathAuthorizer(paths: readonly string[]): Authorizer {
  const exact = new Set(paths.filter(path => !path.endsWith('*')))
  const prefixes = paths.filter(path => path.endsWith('*')).map(path => path.slice(0, -1))
  return async ({ isResource, path }) =>
    !isResource && (exact.has(path) || prefixes.some(prefix => path.startsWith(prefix)))
      ? allow('path is open to everybody')
      : noOpinion('')
}
