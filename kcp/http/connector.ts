// Subresources that are more than a part of the stored object (token, log, binding …) and resources that are never
// stored (reviews) are served by functions, found under `<group>/<resource>/<subresource>`.
import type { ResourceType } from '../registry/resource.ts'
import type { ApiRequest, ApiResponse } from './exchange.ts'
import type { RequestInfo } from './request-info.ts'

export interface ConnectorCall {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly type: ResourceType
}

export type Connector = (call: ConnectorCall) => Promise<ApiResponse>

export function connectorKey({ group, resource }: ResourceType, subresource: string): string {
  return `${group}/${resource}/${subresource}`
}
