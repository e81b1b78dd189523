// SubjectAccessReview and its kin: may this user do this? Asked of the same authorizer that guards requests.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../api/json.ts'
import { type FieldError, invalid } from '../../../api/status-error.ts'
import type { UserInfo } from '../../../api/user.ts'
import type { Attributes, Authorizer } from '../authorizer.ts'
import { answer, type Review, type ReviewRequest, specOf, textOf, textsOf } from './review.ts'

const group = 'authorization.k8s.io'

export function createSelfSubjectAccessReview(authorize: Authorizer): Review {
  return async request => {
    refuse(resourceOrPathErrors(specOf(request.body)))
    return decide(authorize, request, request.user)
  }
}

export function createSubjectAccessReview(authorize: Authorizer): Review {
  return async request => {
    const spec = specOf(request.body)
    refuse([...resourceOrPathErrors(spec), ...subjectErrors(spec)])
    return decide(authorize, request, subjectOf(spec))
  }
}

export function createLocalSubjectAccessReview(authorize: Authorizer): Review {
  return async request => {
    const spec = specOf(request.body)
    const { resourceAttributes } = spec
    const errors = [...resourceOrPathErrors(spec), ...subjectErrors(spec)]
    if (isJsonObject(resourceAttributes) && textOf(resourceAttributes.namespace) !== request.namespace) {
      const value = JSON.stringify(textOf(resourceAttributes.namespace))
      const message = `Invalid value: ${value}: must match metadata.namespace`
      errors.push({ field: 'spec.resourceAttributes.namespace', type: 'FieldValueInvalid', message })
    }
    if (spec.nonResourceAttributes !== undefined) {
      const message = 'Invalid value: disallowed on this kind of request'
      errors.push({ field: 'spec.nonResourceAttributes', type: 'FieldValueInvalid', message })
    }
    refuse(errors)
    return decide(authorize, request, subjectOf(spec))
  }
}

async function decide(authorize: Authorizer, { body, cluster }: ReviewRequest, user: UserInfo) {
  const { verdict, told } = await authorize(attributesOf(specOf(body), user, cluster))
  const allowed = verdict === 'allow'
  const reason = told ?? (allowed ? 'access granted' : 'access denied')
  return answer(body, {
    allowed,
    ...(verdict === 'deny' ? { denied: true } : {}),
    ...(reason === '' ? {} : { reason }),
  })
}

function attributesOf(spec: JsonObject, user: UserInfo, cluster: string): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  if (!isJsonObject(resource)) {
    const asked = isJsonObject(path) ? path : {}
    const about = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' }
    return { user, cluster, verb: textOf(asked.verb), isResource: false, path: textOf(asked.path), ...about }
  }
  return {
    user,
    cluster,
    verb: textOf(resource.verb),
    isResource: true,
    group: textOf(resource.group),
    version: textOf(resource.version),
    resource: textOf(resource.resource),
    subresource: textOf(resource.subresource),
    namespace: textOf(resource.namespace),
    name: textOf(resource.name),
    path: '',
  }
}

function subjectOf(spec: JsonObject): UserInfo {
  const extra = isJsonObject(spec.extra) ? spec.extra : {}
  return {
    username: textOf(spec.user),
    uid: textOf(spec.uid),
    groups: textsOf(spec.groups),
    // Keys of extra are lower case wherever a user comes from.
    extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key.toLowerCase(), textsOf(values)])),
  }
}

function resourceOrPathErrors(spec: JsonObject): FieldError[] {
  const both = isJsonObject(spec.resourceAttributes) && isJsonObject(spec.nonResourceAttributes)
  const none = !isJsonObject(spec.resourceAttributes) && !isJsonObject(spec.nonResourceAttributes)
  if (!both && !none) return []
  const rule = both
    ? 'cannot be specified in combination with resourceAttributes'
    : 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  const field = both ? 'spec.nonResourceAttributes' : 'spec.resourceAttributes'
  return [
    {
      field,
      type: 'FieldValueInvalid',
      message: `Invalid value: ${both ? goPath(spec.nonResourceAttributes) : '"null"'}: ${rule}`,
    },
  ]
}

function goPath(attributes: JsonValue | undefined): string {
  const { path, verb } = isJsonObject(attributes) ? attributes : {}
  return `authorization.NonResourceAttributes{Path:${JSON.stringify(textOf(path))}, Verb:${JSON.stringify(textOf(verb))}}`
}

function subjectErrors(spec: JsonObject): FieldError[] {
  if (textOf(spec.user) !== '' || textsOf(spec.groups).length > 0) return []
  const message = 'Invalid value: "": at least one of user or group must be specified'
  return [{ field: 'spec.user', type: 'FieldValueInvalid', message }]
}

/** Kubernetes forgets the kind here. */
function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group, kind: '' }, '', errors)
}
