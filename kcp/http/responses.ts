// Bodies and headers of answers: Status, JSON, plain text.
import { isNativeError } from 'node:util/types'
import { failure, internalError, type Status, StatusError } from '../../api/status-error.ts'
import type { ApiResponse } from './exchange.ts'

export const jsonType = 'application/json'
export const yamlType = 'application/yaml'
export const protobufType = 'application/vnd.kubernetes.protobuf'
const textType = 'text/plain; charset=utf-8'

const jsonHeaders = { 'content-type': jsonType }

export function jsonResponse(status: number, value: unknown): ApiResponse {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) }
}

export function bytesResponse(status: number, body: Uint8Array): ApiResponse {
  return { status, headers: jsonHeaders, body }
}

export function textResponse(status: number, text: string): ApiResponse {
  return { status, headers: { 'content-type': textType, 'x-content-type-options': 'nosniff' }, body: text }
}

export function statusResponse(status: Status): ApiResponse {
  const seconds = status.details?.retryAfterSeconds
  const headers = seconds === undefined ? jsonHeaders : { ...jsonHeaders, 'retry-after': String(seconds) }
  return { status: status.code, headers, body: JSON.stringify(status) }
}

/** Throws 405 as a mux does that knows no resources. */
export function requireGet(method: string): void {
  if (method === 'GET') return
  throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** What a mux answers for a path that nobody serves. */
export function pageNotFound(): ApiResponse {
  return textResponse(404, '404 page not found\n')
}

export function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error
  return internalError(isNativeError(error) ? error.message : String(error), error)
}
