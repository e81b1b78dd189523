// Reads responses: text, JSON, and failures as StatusError.
import { isJsonObject, type JsonObject, parseJson } from '../../api/json.ts'
import { failure, type Status, StatusError } from '../../api/status-error.ts'
import type { TransportResponse } from '../transport/transport.ts'

export async function readText(response: TransportResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body) chunks.push(chunk)
  const only = chunks.length === 1 ? chunks[0] : undefined
  return Buffer.from(only ?? Buffer.concat(chunks)).toString('utf8')
}

export async function readJsonObject(response: TransportResponse): Promise<JsonObject> {
  const text = await readText(response)
  if (response.status >= 400) throw statusErrorOf(response.status, text, response.headers)
  const value = parseJson(text)
  if (!isJsonObject(value)) throw failure(500, 'InternalError', 'the server answered with JSON that is not an object')
  return value
}

/** The server's Status when it sent one; else a Status in the words client-go uses for such answers. */
export function statusErrorOf(code: number, body: string, headers: Readonly<Record<string, string>>): StatusError {
  const status = parseStatus(body)
  if (status) return new StatusError({ ...status, code: status.code ?? code })
  const { reason, message } = unknownAnswer(code, body)
  const seconds = Number(headers['retry-after'] ?? '')
  return failure(code, reason, message, Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {})
}

/** A watch's ERROR event carries the Status itself. */
export function statusErrorOfObject(object: unknown): StatusError {
  if (isStatus(object)) return new StatusError(object)
  return failure(500, 'InternalError', `unexpected watch error: ${JSON.stringify(object)}`)
}

function parseStatus(body: string): Status | undefined {
  if (!body.startsWith('{')) return undefined
  try {
    const value: unknown = parseJson(body)
    return isStatus(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isStatus(value: unknown): value is Status {
  return isJsonObject(value) && value.kind === 'Status'
}

function unknownAnswer(code: number, body: string): { reason: string; message: string } {
  const text = body.trim().slice(0, 2048)
  switch (code) {
    case 401:
      return { reason: 'Unauthorized', message: 'the server has asked for the client to provide credentials' }
    case 403:
      return { reason: 'Forbidden', message: text || 'the server does not allow this method on the requested resource' }
    case 404:
      return { reason: 'NotFound', message: 'the server could not find the requested resource' }
    case 405:
      return { reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' }
    case 410:
      return { reason: 'Expired', message: text || 'the requested version is no longer available' }
    case 429:
      return {
        reason: 'TooManyRequests',
        message: 'the server has received too many requests and has asked us to try again later',
      }
    case 503:
      return { reason: 'ServiceUnavailable', message: text || 'the server is currently unable to handle the request' }
    case 504:
      return { reason: 'Timeout', message: text || 'the server was unable to return a response in the time allotted' }
    default: {
      const message = `an error on the server ("${text || 'unknown'}") has prevented the request from succeeding`
      return { reason: code >= 500 ? 'InternalError' : '', message }
    }
  }
}
