// Reads responses: text, JSON, and failures as StatusError.
import { isJsonObject, type JsonObject, parseJson } from '../../api/json.ts'
import { failure, type Status, StatusError } from '../../api/status-error.ts'
import { statusFromBody } from '../../api/status-from-body.ts'
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

/** Never says which object was asked for: a 404 that names one comes from a server that knows it is not there. */
export function statusErrorOf(code: number, body: string, headers: Readonly<Record<string, string>>): StatusError {
  const seconds = Number.parseInt(headers['retry-after'] ?? '', 10)
  return statusFromBody(code, body, {
    contentType: headers['content-type'] ?? '',
    ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  })
}

/** A watch's ERROR event carries the Status itself. */
export function statusErrorOfObject(object: unknown): StatusError {
  if (isStatus(object)) return new StatusError(object)
  return failure(500, 'InternalError', `unexpected watch error: ${JSON.stringify(object)}`)
}

function isStatus(value: unknown): value is Status {
  return isJsonObject(value) && value.kind === 'Status'
}
