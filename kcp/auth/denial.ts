// The 403 that follows a refusal, with the texts kubectl and the plugins match on.
import { failure, type StatusError } from '../../api/status-error.ts'
import type { Attributes, Decision } from './authorizer.ts'

export function denied(attributes: Attributes, { told = 'access denied' }: Pick<Decision, 'told'> = {}): StatusError {
  const { user, verb, group, resource, subresource, namespace, name } = attributes
  const why = told === '' ? '' : `: ${told}`
  const who = `User ${JSON.stringify(user.username)} cannot ${verb}`
  if (!attributes.isResource) {
    return failure(403, 'Forbidden', `forbidden: ${who} path "${attributes.path}"${why}`, {})
  }
  const qualified = group === '' ? resource : `${resource}.${group}`
  const subject = name === '' ? qualified : `${qualified} "${name}"`
  const asked = subresource === '' ? resource : `${resource}/${subresource}`
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const message = `${subject} is forbidden: ${who} resource "${asked}" in API group "${group}" ${scope}${why}`
  return failure(403, 'Forbidden', message, { name, group, kind: resource })
}
