// `kubectl --as`: the request goes on as another user, if the caller may impersonate every part of that user.
import { badRequest, unauthorized } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import { allAuthenticatedGroup, allUnauthenticatedGroup } from '../../auth/authenticator.ts'
import type { Attributes, Authorizer } from '../../auth/authorizer.ts'
import { denied } from '../../auth/denial.ts'
import type { ApiRequest, ApiResponse, Filter, Handler } from '../exchange.ts'

const extraPrefix = 'impersonate-extra-'

export function withImpersonation(authorize: Authorizer): Filter {
  return next => request => (hasImpersonation(request.headers) ? impersonate(authorize, next, request) : next(request))
}

async function impersonate(authorize: Authorizer, next: Handler, request: ApiRequest): Promise<ApiResponse> {
  const wanted = impersonatedUser(request.headers)
  if (!wanted) return next(request)
  const { user } = request
  if (!user) throw unauthorized()
  for (const part of partsOf(wanted)) {
    const attributes: Attributes = { ...part, user, cluster: request.cluster, verb: 'impersonate', isResource: true }
    const decision = await authorize(attributes)
    if (decision.verdict !== 'allow') throw denied(attributes, decision)
  }
  return next({ ...request, user: withImpliedGroups(wanted), headers: withoutImpersonation(request.headers) })
}

function hasImpersonation(headers: ApiRequest['headers']): boolean {
  for (const name in headers) if (name.startsWith('impersonate-')) return true
  return false
}

function impersonatedUser(headers: ApiRequest['headers']): UserInfo | undefined {
  const username = headers['impersonate-user']
  const groups = listOf(headers['impersonate-group'])
  const uid = headers['impersonate-uid']
  const extra: Record<string, string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(extraPrefix)) extra[extraKey(name.slice(extraPrefix.length))] = listOf(value)
  }
  const hasExtra = Object.keys(extra).length > 0
  if (!username) {
    if (groups.length === 0 && uid === undefined && !hasExtra) return undefined
    throw badRequest(`requested ${JSON.stringify(groups)} without impersonating a user`)
  }
  return { username, groups, ...(uid === undefined ? {} : { uid }), ...(hasExtra ? { extra } : {}) }
}

/** A key that is not escaped rightly is taken as it is, as Go does. */
function extraKey(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    if (error instanceof URIError) return name
    throw error
  }
}

function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '')
}

const serviceAccount = /^system:serviceaccount:([^:]+):([^:]+)$/

function partsOf({
  username,
  groups,
  uid,
  extra,
}: UserInfo): Omit<Attributes, 'user' | 'cluster' | 'verb' | 'isResource'>[] {
  const part = { group: '', version: 'v1', subresource: '', namespace: '', path: '' }
  const authentication = { ...part, group: 'authentication.k8s.io' }
  const [, namespace, account] = serviceAccount.exec(username) ?? []
  return [
    namespace !== undefined && account !== undefined
      ? { ...part, resource: 'serviceaccounts', namespace, name: account }
      : { ...part, resource: 'users', name: username },
    ...groups.map(name => ({ ...part, resource: 'groups', name })),
    ...(uid === undefined ? [] : [{ ...authentication, resource: 'uids', name: uid }]),
    ...Object.entries(extra ?? {}).flatMap(([key, values]) =>
      values.map(name => ({ ...authentication, resource: 'userextras', subresource: key, name })),
    ),
  ]
}

function withImpliedGroups(user: UserInfo): UserInfo {
  const [, namespace] = serviceAccount.exec(user.username) ?? []
  const accountGroups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
  const groups = namespace !== undefined && user.groups.length === 0 ? accountGroups : user.groups
  const implied = user.username === 'system:anonymous' ? allUnauthenticatedGroup : allAuthenticatedGroup
  return { ...user, groups: groups.includes(implied) ? groups : [...groups, implied] }
}

function withoutImpersonation(headers: ApiRequest['headers']): ApiRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('impersonate-')))
}
