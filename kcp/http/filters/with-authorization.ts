// May this user do this? A refusal is always the same 403, whatever the reason.
import { unauthorized } from '../../../api/status-error.ts'
import type { Attributes, Authorizer } from '../../auth/authorizer.ts'
import { denied } from '../../auth/denial.ts'
import type { ApiRequest, Filter } from '../exchange.ts'
import { parseRequestInfo } from '../request-info.ts'

export function withAuthorization(authorize: Authorizer): Filter {
  return next => async request => {
    const attributes = attributesOf(request)
    const decision = await authorize(attributes)
    if (decision.verdict !== 'allow') throw denied(attributes, decision)
    return next(request)
  }
}

export function attributesOf(request: ApiRequest): Attributes {
  const { user, cluster } = request
  if (!user) throw unauthorized()
  const { verb, isResource, group, version, resource, subresource, namespace, name, path } =
    request.info ?? parseRequestInfo(request)
  return { user, cluster, verb, isResource, group, version, resource, subresource, namespace, name, path }
}
