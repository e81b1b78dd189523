// JSON with line breaks for people: when `pretty` asks for it, or the client is a browser, curl or wget.
import { Buffer } from 'node:buffer'
import { parseJson } from '../../../api/json.ts'
import type { ApiRequest, ApiResponse, Filter } from '../exchange.ts'
import { jsonType } from '../responses.ts'

const indentSpaces = 2
const readByPeople = /^(?:curl|Wget|Mozilla\/5\.0)/

export function withPrettyJson(): Filter {
  return next => async request => {
    const response = await next(request)
    if (response.headers['content-type'] !== jsonType || !wantsPretty(request)) return response
    const text = wholeText(response)
    if (text === undefined) return response
    return { ...response, body: JSON.stringify(parseJson(text), null, indentSpaces) }
  }
}

function wantsPretty({ query, headers }: ApiRequest): boolean {
  const asked = query.get('pretty')
  if (asked !== null) return asked !== 'false' && asked !== '0'
  return readByPeople.test(headers['user-agent'] ?? '')
}

/** Streams stay as they are: one event is one line. */
function wholeText({ body }: ApiResponse): string | undefined {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString()
  return Array.isArray(body) ? Buffer.concat(body).toString() : undefined
}
