// The one error type on every border: a Kubernetes Status. Servers build it, clients rebuild it from the wire.
// Texts are contract (apimachinery pkg/api/errors); people and clients match on them.
import { type GroupVersionResource, groupResource } from './objects.ts'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { resourceVersion?: string; continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: {
    name?: string
    group?: string
    kind?: string
    uid?: string
    causes?: StatusCause[]
    retryAfterSeconds?: number
  }
  code: number
}

export class StatusError extends Error {
  readonly status: Status
  constructor(status: Status, options?: { cause?: unknown }) {
    super(status.message ?? status.reason ?? `status ${status.code}`, options)
    this.name = 'StatusError'
    this.status = status
  }
  get code(): number {
    return this.status.code
  }
  get reason(): string {
    return this.status.reason ?? ''
  }
}

type GroupResource = Pick<GroupVersionResource, 'group' | 'resource'>
type Details = NonNullable<Status['details']>

/** Any failure; the named constructors below cover the usual ones. Order and absence of members are Go's. */
export function failure(code: number, reason: string, message: string, details?: Details): StatusError {
  const isPresent = ([, value]: [string, unknown]) => value !== undefined && value !== ''
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details ? { details: Object.fromEntries(Object.entries(details).filter(isPresent)) as Details } : {}),
    code,
  })
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message)
}

/** The reason is for a TokenReview; the caller with the wrong token is not told. */
export function unauthorized(reason?: string): StatusError {
  const { status } = failure(401, 'Unauthorized', 'Unauthorized')
  return new StatusError(status, { cause: reason })
}

/** A denial by admission: `<resource>.<group> "<name>" is forbidden: <text>`. */
export function forbidden(gr: GroupResource, name: string, text: string): StatusError {
  const subject = name === '' ? groupResource(gr) : `${groupResource(gr)} "${name}"`
  const message = gr.resource === '' ? `forbidden: ${text}` : `${subject} is forbidden: ${text}`
  return failure(403, 'Forbidden', message, { name, group: gr.group, kind: gr.resource })
}

export function notFound(gr: GroupResource, name: string): StatusError {
  return failure(404, 'NotFound', `${groupResource(gr)} "${name}" not found`, {
    name,
    group: gr.group,
    kind: gr.resource,
  })
}

/** The path leads nowhere; client-go shows exactly this text. */
export function resourceNotFound(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function methodNotAllowed(gr: GroupResource, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind "${groupResource(gr)}"`
  return failure(405, 'MethodNotAllowed', message, { group: gr.group, kind: gr.resource })
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`)
}

export function alreadyExists(gr: GroupResource, name: string): StatusError {
  return failure(409, 'AlreadyExists', `${groupResource(gr)} "${name}" already exists`, {
    name,
    group: gr.group,
    kind: gr.resource,
  })
}

export const modifiedText =
  'the object has been modified; please apply your changes to the latest version and try again'

export function conflict(gr: GroupResource, name: string, text: string = modifiedText): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResource(gr)} "${name}": ${text}`
  return failure(409, 'Conflict', message, { name, group: gr.group, kind: gr.resource })
}

export function expired(message: string): StatusError {
  return failure(410, 'Expired', message)
}

export function requestEntityTooLarge(bytesLimit: number): StatusError {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bytesLimit}`)
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const text = 'the body of the request was in an unknown format - accepted media types include: '
  return failure(415, 'UnsupportedMediaType', text + accepted.join(', '))
}

/** One finding of validation. `type` is the cause's reason, e.g. FieldValueInvalid. */
export interface FieldError {
  field: string
  type:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueNotFound'
    | 'FieldValueNotSupported'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError'
  /** Without the field: `Invalid value: "x": must be …`. */
  message: string
}

export function invalid(gk: { group: string; kind: string }, name: string, errors: readonly FieldError[]): StatusError {
  // Each finding is a cause, but the message says the same only once.
  const texts = [...new Set(errors.map(e => `${e.field}: ${e.message}`))]
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const kind = gk.group === '' ? gk.kind : `${gk.kind}.${gk.group}`
  const reasons = texts.length === 0 ? '' : `: ${list}`
  return failure(422, 'Invalid', `${kind} "${name}" is invalid${reasons}`, {
    name,
    group: gk.group,
    kind: gk.kind,
    causes: errors.map(e => ({ reason: e.type, message: e.message, field: e.field })),
  })
}

export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return failure(429, 'TooManyRequests', message, { retryAfterSeconds })
}

export function internalError(text: string, cause?: unknown): StatusError {
  const error = failure(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] })
  return cause === undefined ? error : new StatusError(error.status, { cause })
}

export function serviceUnavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message)
}

export function timeout(message: string, retryAfterSeconds: number): StatusError {
  return failure(504, 'Timeout', message, { retryAfterSeconds })
}

export function hasReason(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason
}
export const isNotFound = (error: unknown): error is StatusError => error instanceof StatusError && error.code === 404
export const isAlreadyExists = (error: unknown): error is StatusError => hasReason(error, 'AlreadyExists')
export const isConflict = (error: unknown): error is StatusError => hasReason(error, 'Conflict')
export const isForbidden = (error: unknown): error is StatusError => hasReason(error, 'Forbidden')
export const isUnauthorized = (error: unknown): error is StatusError => hasReason(error, 'Unauthorized')
export const isInvalid = (error: unknown): error is StatusError => hasReason(error, 'Invalid')
export const isGone = (error: unknown): error is StatusError => error instanceof StatusError && error.code === 410
