// Answers in YAML, as Kubernetes writes it: members in order, lists not indented.
import type { Status } from '../../api/status-error.ts'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import { parseAccept, servedTypes } from './media-type.ts'
import { statusResponse, yamlType } from './responses.ts'

const goYaml = { version: '1.1', sortMapEntries: true, indentSeq: false, lineWidth: 0 } as const

export async function yamlResponse(status: number, value: object): Promise<ApiResponse> {
  const { stringify } = await import('yaml')
  const body = stringify(JSON.parse(JSON.stringify(value)), goYaml)
  return { status, headers: { 'content-type': yamlType }, body }
}

/** A refusal in the first type that the client asks for and we can write it in. */
export async function refusal({ headers }: ApiRequest, status: Status): Promise<ApiResponse> {
  const response = statusResponse(status)
  if (headers.accept?.includes(yamlType) !== true) return response
  const [first] = parseAccept(headers.accept).filter(
    ({ type, parameters }) => parameters.as === undefined && (type === '*/*' || servedTypes.includes(type)),
  )
  if (first?.type !== yamlType) return response
  const { headers: own, body } = await yamlResponse(status.code, status)
  return { ...response, headers: { ...response.headers, ...own }, body }
}
