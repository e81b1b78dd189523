// CertificateSigningRequests: the requester is who the request comes from; approval and status have their own endpoints.
import type { JsonObject } from '../../../api/json.ts'
import type { KubeObject } from '../../../api/objects.ts'
import type { FieldError } from '../../../api/status-error.ts'
import { formatTime } from '../../../api/time.ts'
import type { RequestContext } from '../../registry/resource.ts'
import { invalidGoValue, requiredValue } from '../../schema/field-errors.ts'
import { listAt, objectAt, objectsAt, textAt } from '../members.ts'
import type { NativeRules } from '../native-rules.ts'

const decisions = new Set(['Approved', 'Denied'])

function validate(request: KubeObject): FieldError[] {
  const errors: FieldError[] = []
  const pem = Buffer.from(textAt(request, 'spec', 'request'), 'base64')
  if (!pem.includes('-----BEGIN CERTIFICATE REQUEST-----')) {
    const printed = `[]byte{${[...pem].map(byte => `0x${byte.toString(16)}`).join(', ')}}`
    errors.push(invalidGoValue('spec.request', printed, 'PEM block type must be CERTIFICATE REQUEST'))
  }
  if (listAt(request, 'spec', 'usages').length === 0) errors.push(requiredValue('spec.usages'))
  if (textAt(request, 'spec', 'signerName') === '') errors.push(requiredValue('spec.signerName'))
  return errors
}

/** Each endpoint changes its own part of the status only. */
function prepareForUpdate(request: KubeObject, old: KubeObject, subresource: string, { now }: RequestContext): void {
  request.spec = old.spec
  const oldStatus = objectAt(old, 'status')
  const conditions = objectsAt(request, 'status', 'conditions')
  const isDecision = (type: string) => decisions.has(type)
  if (subresource === 'approval') {
    const kept = objectsAt(oldStatus, 'conditions').filter(c => !isDecision(textAt(c, 'type')))
    const decided = conditions.filter(c => isDecision(textAt(c, 'type')))
    request.status = { ...oldStatus, conditions: [...kept, ...decided.map(c => dated(c, oldStatus, now))] }
  } else if (subresource === 'status') {
    const kept = objectsAt(oldStatus, 'conditions').filter(c => isDecision(textAt(c, 'type')))
    const others = conditions.filter(c => !isDecision(textAt(c, 'type')))
    const dates = others.map(condition => dated(condition, oldStatus, now))
    request.status = { ...objectAt(request, 'status'), conditions: [...kept, ...dates] }
  }
}

/** Conditions say when they were written, and since when they are so. */
function dated(condition: JsonObject, oldStatus: JsonObject, now: Date): JsonObject {
  const same = objectsAt(oldStatus, 'conditions').find(
    old => old.type === condition.type && old.status === condition.status,
  )
  const time = formatTime(now)
  return {
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? time,
    lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? time,
  }
}

export const certificateSigningRequestRules: NativeRules = {
  namesMissing: true,
  strategy: {
    prepareForCreate(request, { user }) {
      request.spec = {
        ...objectAt(request, 'spec'),
        username: user.username,
        groups: [...user.groups],
        ...(user.uid === undefined ? {} : { uid: user.uid }),
      }
    },
    prepareForUpdate,
    validate,
    selectableFields: { 'spec.signerName': request => textAt(request, 'spec', 'signerName') },
  },
}
