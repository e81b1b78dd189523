// Rebuilds the StatusError of a failed response: from the Status in its body, else from the code as client-go words it.
import { isJsonObject, type JsonValue, parseJson } from './json.ts'
import { type GroupVersionResource, groupResource } from './objects.ts'
import { failure, type Status, type StatusCause, StatusError } from './status-error.ts'

export interface FailedRequest {
  readonly method?: string
  readonly resource?: Pick<GroupVersionResource, 'group' | 'resource'>
  readonly name?: string
  /** Of the response; its text is quoted only when it is text. */
  readonly contentType?: string
  readonly retryAfterSeconds?: number
}

const quotedCharsLimit = 2048

export function statusFromBody(code: number, body: string, request: FailedRequest = {}): StatusError {
  const status = parseStatus(body)
  if (status !== undefined) return new StatusError({ ...status, code: status.code === 0 ? code : status.code })
  const { method = '', resource = { group: '', resource: '' }, name = '', contentType = '' } = request
  const isText = contentType === '' || contentType.startsWith('text/')
  const text = isText ? body.slice(0, quotedCharsLimit).trim() : 'unknown'
  const { reason, message } = wording(code, { text, method })
  const target = `${groupResource(resource)}${name === '' ? '' : ` ${name}`}`
  const causes: StatusCause[] = [{ reason: 'UnexpectedServerResponse', message: text }]
  const where = resource.resource === '' ? '' : ` (${method.toLowerCase()} ${target})`
  return failure(code, reason, message + where, {
    name,
    group: resource.group,
    kind: resource.resource,
    causes,
    ...(request.retryAfterSeconds ? { retryAfterSeconds: request.retryAfterSeconds } : {}),
  })
}

function parseStatus(body: string): Status | undefined {
  if (!body.trimStart().startsWith('{')) return undefined
  const value = tryParse(body)
  if (!isJsonObject(value) || value.kind !== 'Status') return undefined
  if (value.status === 'Success' || (value.apiVersion ?? 'v1') !== 'v1') return undefined
  const metadata = isJsonObject(value.metadata) ? value.metadata : {}
  const code = typeof value.code === 'number' ? value.code : 0
  return { ...value, kind: 'Status', apiVersion: 'v1', status: 'Failure', metadata, code } as Status
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const wordings: Readonly<Record<number, [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
}

function wording(
  code: number,
  { text, method }: { text: string; method: string },
): { reason: string; message: string } {
  const known = wordings[code]
  if (known !== undefined) return { reason: known[0], message: known[1] }
  switch (code) {
    case 409:
      return { reason: method === 'POST' ? 'AlreadyExists' : 'Conflict', message: 'the server reported a conflict' }
    case 403:
      return { reason: 'Forbidden', message: text }
    case 406: {
      const unsaid = 'the server was unable to respond with a content type that the client supports'
      return { reason: 'NotAcceptable', message: text === '' || text === 'unknown' ? unsaid : text }
    }
    case 415:
      return { reason: 'UnsupportedMediaType', message: text }
  }
  if (code >= 500) {
    const message = `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
    return { reason: 'InternalError', message }
  }
  const message = `the server responded with the status code ${code} but did not return more information`
  return { reason: '', message }
}
